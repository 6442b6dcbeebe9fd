"""A docstring cut into entries: whose text each piece is (a parameter's, the result's, nobody's), with its offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

PARAMETER, RESULT, SHAPE, PLAIN, SKIPPED = "parameter", "result", "shape", "plain", "skipped"

_HEADERS = {
    PARAMETER: "args arguments parameters params inputs input keyword args keyword arguments other parameters kwargs",
    RESULT: "returns return outputs output yields result",
    SHAPE: "shape shapes tensor shapes",
    SKIPPED: "raises example examples note notes warning warnings references reference usage see also todo attributes"
    " tip citation doctest code test tests detail details explanation algorithm",
}
_SECTION_OF = {name: kind for kind, text in _HEADERS.items() for name in text.split()} | {
    "keyword args": PARAMETER,
    "keyword arguments": PARAMETER,
    "other parameters": PARAMETER,
    "tensor shapes": SHAPE,
    "see also": SKIPPED,
}
_HEADER = re.compile(
    r"^\s*(?P<mark>#+(?=\s)|[#*]+)?\s*(?P<title>[A-Za-z][A-Za-z ]{2,19}?)"
    r"\s*(?:\([\w ]+\))?\s*(?:(?P<colon>::?)\s*)?\**\s*$"
)
_UNDERLINE = re.compile(r"^\s*[-=~]{3,}\s*$")
_SPHINX = re.compile(
    r"^\s*:(?:(?P<result>returns?|rtype)(?:\s+\w+(?=\s+[(\[]))?"
    r"|(?:param|parameter|arg|argument|type)(?:\s+[\w.\[\], |]+?)?\s+(?P<names>\*{0,2}\w+(?:\s*,\s*\w+)*)|\w[\w ]*)"
    r"\s*(?::(?!`)|(?(result)(?=[(\[])|(?(names)(?=[(\[])|(?!))))"  # `:param x  (N, C)` lacks its second colon
)
_NAMES = r"\*{0,2}`{0,2}[A-Za-z_]\w*(?:\.\w+)*`{0,2}(?:\s*(?:,|/|\band\b)\s*`{0,2}[A-Za-z_]\w*`{0,2})*"
_OPTIONAL = r"(?:\(optional(?:ly)?\)\s+)?"
_GOOGLE = re.compile(
    rf"^\s*(?:[-*•]\s+)?{_OPTIONAL}(?P<names>{_NAMES})\s*(?P<type>\([^\n]*?\)|\[[^\n]*?\])?\s*(?P<colon>:|\s(?:[-\u2013—]{{1,2}}|-{{1,2}}>)\s)(?!:)"
)
_PLAIN_ENTRY = re.compile(
    rf"^\s*(?:[-*•]\s+)?(?!\w+\.[\w.]*\()(?P<names>{_NAMES})(?:\s*(?=[(`]|=(?![\w'\"]))|\s+(?=\[))"
)
_TYPE_IN_BRACKETS = re.compile(r"^\s*\((?P<names>[A-Za-z_][\w.]*)\)\s*:")
_NUMPY = re.compile(rf"^\s*{_OPTIONAL}(?P<names>{_NAMES})\s+:\s")
_NO_NAMES = frozenset("of with where and or to for if else when otherwise is are it its has".split())
_OF_A_SHAPE = frozenset("shape shapes size sizes shaped".split())
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+(?=\S)")
_QUOTED_ITEM = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:\*\*|[`'\"]{1,3})(?P<names>[A-Za-z_]\w*)[`'\"*]{1,3}\s*(?:[,:]|[-\u2013—]{1,2}\s|(?=\())"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of a docstring: the kind of its section, the names it speaks of, and where its text begins and ends.

    A `bulleted` one stands in a list; the pieces of the results of one function are of one section.
    """

    kind: str
    names: tuple[str, ...]
    start: int
    end: int
    section: int = 0
    bulleted: bool = False


_OF_SPHINX = -1  # the section of all `:return:` fields of a docstring


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def entries(text: str) -> list[Entry]:
    """All entries of a docstring in order; plain lines, which belong to no section, are entries of one line each."""
    found: list[Entry] = []
    kind, margin, section = PLAIN, -1, 0
    lines = list(_lines(text))
    item_indent = -1
    for index, line in enumerate(lines):
        stripped = line.text.strip()
        if not stripped:
            item_indent = -1 if kind == PLAIN else item_indent
            continue
        if stripped.startswith((">>>", "... ", ".. code", "```")):
            kind, margin = (SKIPPED, line.indent - 1) if not stripped.startswith("...") else (kind, margin)
            continue
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        header = _section(line, following)
        if header is not None:
            kind, margin, section, item_indent = header, line.indent, section + 1, -1
            continue
        if _UNDERLINE.match(line.text):
            continue
        sphinx = _SPHINX.match(line.text)
        if sphinx:
            names = _split_names(sphinx["names"] or "")
            kind = PARAMETER if names else RESULT if sphinx["result"] else SKIPPED
            margin, item_indent, section = line.indent, line.indent, section + 1
            if sphinx["result"] != "rtype" or not any(entry.section == _OF_SPHINX for entry in found):
                at = _OF_SPHINX if kind == RESULT else section
                found.append(Entry(kind, names, line.start + sphinx.end(), line.end, at))
            else:
                kind = SKIPPED
            continue
        if margin >= 0 and line.indent < margin:
            kind, margin, item_indent = PLAIN, -1, -1
        if (
            item_indent >= 0
            and found
            and kind in (PARAMETER, RESULT, SHAPE)
            and _continues(text, found[-1], line, item_indent)
            and not (kind == PARAMETER and _is_one_of_a_dict(text, found[-1], lines, index))
        ):
            found[-1] = replace(found[-1], end=line.end)
            continue
        if (
            kind in (PARAMETER, RESULT, SHAPE)
            and margin >= 0
            and line.indent <= margin
            and not _underlined(lines, index)
        ) and (
            not (_GOOGLE.match(line.text) or _NUMPY.match(line.text))
            or line.indent < margin
            or (margin < item_indent and _is_other_header(line, following))
        ):
            kind, margin = PLAIN, -1
        if kind == SKIPPED:
            if margin >= 0 and line.indent <= margin:
                kind, margin = PLAIN, -1
            else:
                continue
        item_indent = line.indent
        found.append(_entry(kind, line, section))
    return found


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for piece in text.splitlines(keepends=True):
        yield _Line(start, piece.rstrip("\r\n"))
        start += len(piece)


def _section(line: _Line, following: str) -> str | None:
    match = _HEADER.match(line.text)
    if match is None:
        return None
    kind = _SECTION_OF.get(match["title"].strip().lower())
    if match["colon"] or (match["mark"] or "").startswith("#") or _UNDERLINE.match(following):
        return kind
    below = len(following) - len(following.lstrip())
    return kind if kind in (RESULT, PARAMETER) and following.strip() and below > line.indent else None


def _is_other_header(line: _Line, following: str) -> bool:
    """Whether a line begins a section of its author's own, which tells of nothing in particular: `Broadcasting:`."""
    match = _HEADER.match(line.text)
    below = len(following) - len(following.lstrip())
    return match is not None and match["colon"] is not None and match["title"][0].isupper() and below > line.indent


def _underlined(lines: list[_Line], index: int) -> bool:
    """Whether the section of a line is a NumPy one, whose entries stand at the indent of the header."""
    return any(_UNDERLINE.match(lines[at].text) for at in range(index - 1, max(-1, index - 60), -1))


def _entry(kind: str, line: _Line, section: int) -> Entry:
    bulleted = kind == RESULT and _BULLET.match(line.text) is not None
    patterns = {
        PLAIN: (_GOOGLE, _PLAIN_ENTRY),
        RESULT: (_QUOTED_ITEM, _NUMPY, _TYPE_IN_BRACKETS, _GOOGLE, _PLAIN_ENTRY),
    }
    for pattern in patterns.get(kind, (_NUMPY, _GOOGLE, _PLAIN_ENTRY)):
        match = pattern.match(line.text)
        if match is None:
            continue
        names = _split_names(match["names"])
        no_names = _NO_NAMES | _OF_A_SHAPE if pattern is _PLAIN_ENTRY else _NO_NAMES
        if kind == RESULT and no_names.issuperset(name.lower() for name in names):
            continue
        is_typed = "type" not in match.groupdict() or (match["type"] and match["type"][1:-1].strip())
        start = match.end("names") if is_typed else match.end()  # `size ():` leaves the type blank
        return Entry(kind, names, line.start + start, line.end, section, bulleted)
    return Entry(kind, (), line.start, line.end, section, bulleted)


def _continues(text: str, entry: Entry, line: _Line, indent: int) -> bool:
    """Whether a line goes on with the entry above it, whose lines begin at `indent`.

    Of results, a list below the first line is entries of its own, and a sentence may go on at the same indent.
    """
    told = text[entry.start : entry.end].rstrip()
    if line.indent > indent:
        return not (entry.kind == RESULT and not entry.bulleted and _BULLET.match(line.text))
    if entry.kind != RESULT or entry.section == _OF_SPHINX or line.indent < indent:
        return False
    named = _GOOGLE.match(line.text)
    is_named = named is not None and not line.text.startswith("math:", named.end("colon"))
    if _UNFINISHED.search(told) is not None and not is_named and not _BULLET.match(line.text):
        return True
    if _entry(RESULT, line, 0) != Entry(RESULT, (), line.start, line.end):
        return False
    return line.text.lstrip()[0].islower() and not told.endswith((".", ":", ";"))


def _is_one_of_a_dict(text: str, entry: Entry, lines: list[_Line], index: int) -> bool:
    """Whether a line below a parameter's bare name is an entry by itself, as one beside it is: `batch:` over `x:`."""
    if text[entry.start : entry.end].strip(" :"):
        return False
    beside = next((one for one in lines[index + 1 :] if one.indent <= lines[index].indent and one.text.strip()), None)
    rows = [lines[index]] if beside is None else [lines[index], beside]
    found = [_OF_A_DICT.match(one.text) for one in rows if one.indent == lines[index].indent]
    return len(found) == 2 and all(one is not None and one["name"] not in _NO_KEYS for one in found)


_OF_A_DICT = re.compile(r"\s*(?:[-*•]\s+)?[`'\"]{0,2}(?P<name>[a-z]\w*)[`'\"]{0,2}\s*:\s*\S")
_NO_KEYS = _OF_A_SHAPE | frozenset("type dtype default note desc description range values format dims layout".split())

_UNFINISHED = re.compile(r"\b(?:or|and|of|where|is|are|was|were|be|the|an?|with|to|in|for|by|from)$", re.IGNORECASE)


def _split_names(text: str) -> tuple[str, ...]:
    names = (name.strip("`* ") for name in re.split(r",|/|\band\b", text))
    return tuple(name.removesuffix(".shape") for name in names if name)


def is_below_an_item(text: str, entry: Entry) -> bool:
    """Whether an item stands in the list of another one, the words of which tell whose it is: a part of a model's."""
    begin = text.rfind("\n", 0, entry.start) + 1
    line = text[begin : entry.end]
    if _BULLET.match(line) is None:
        return False
    indent = len(line) - len(line.lstrip())
    for above in reversed(text[:begin].splitlines()):
        if above.strip() and len(above) - len(above.lstrip()) < indent:
            return _BULLET.match(above) is not None and _HEADER.match(above) is None
    return False


_KINDS = {
    "list": "list sequence iterable iterator",
    "tuple": "tuple pair namedtuple",
    "other": "dict dictionary mapping int integer float bool boolean str string callable function number set",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_NOTHING = frozenset("none optional default defaults".split())
_IN_BRACKETS = re.compile(r"\s*\((?P<type>(?:[^()\n]|\([^()\n]*\))*)\)\s*(?::|[-\u2013\u2014]{1,2}\s|$)", re.MULTILINE)
_OF_PARAM = re.compile(r"\s*:\w+\s+(?P<type>[\w.\[\], |]+?)\s+\*{0,2}\w+\s*:$")
_ALONE = re.compile(r"\s+:\s+(?P<type>[^\n]*)\n")


def stated_kinds(text: str, entry: Entry) -> frozenset[str]:
    """What the stated type of a parameter may be: "list", "tuple", "tensor", or "other", which holds no tensor.

    It stands in brackets behind the name (Google), by itself on the first line (NumPy), or before the name (Sphinx).
    """
    stated = _stated_type(text, entry)
    words = [re.match(r"\W*(?:\w+\.)*(\w+)", part) for part in re.split(r"\bor\b|[|,/](?![^\[]*\])", stated)]
    names = [word[1].lower() for word in words if word is not None]
    if not any(name in _KIND_OF for name in names):
        return frozenset()
    kinds = {_KIND_OF.get(name, "tensor") for name in names if name not in _NOTHING}
    if kinds == {"tuple"} and re.search(r"tensor|array", stated, re.IGNORECASE):
        return frozenset({"list"})  # whose items are all of one kind
    return frozenset(kinds)


def states_tensor(text: str, entry: Entry) -> bool:
    """Whether the stated type of a parameter or a result is a tensor or an array, be it an optional one."""
    named = entry.names[0] if entry.kind == RESULT and len(entry.names) == 1 else ""
    return any(_A_TENSOR.match(stated) is not None for stated in (named, _stated_type(text, entry)))


_A_TENSOR = re.compile(
    r"\W*(?:(?:typing\.)?(?:Optional|optional)\W+)?"
    r"(?:(?:\w+\.)*(?:\w*[tT]ensor|(?:nd)?array)|(?:torch|np|numpy)\.(?:bool|b?float|complex|u?int|long)\d*)\b(?!s?\s*\[)",
    re.ASCII,
)


_OF_NUMBERS = re.compile(r"(?<=[Tt]ensor|.array),\s*(?:float|int|bool)\b(?=\s*$)")
"""The numbers that a tensor holds, as NumPy's style has them: `torch.Tensor, float`."""


def _stated_type(text: str, entry: Entry) -> str:
    head = text[text.rfind("\n", 0, entry.start) + 1 : entry.start]
    match = _OF_PARAM.match(head)
    match = match or _IN_BRACKETS.match(text, entry.start, entry.end)
    if match is not None:
        return match["type"]
    alone = _ALONE.match(text, entry.start, entry.end)
    return "" if alone is None else _OF_NUMBERS.sub("", alone["type"])
