"""A docstring cut into entries: whose text each piece is (a parameter's, the result's, nobody's), with its offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARAMETER, RESULT, SHAPE, PLAIN, SKIPPED = "parameter", "result", "shape", "plain", "skipped"

_HEADERS = {
    PARAMETER: "args arguments parameters params inputs input keyword args keyword arguments other parameters kwargs",
    RESULT: "returns return outputs output yields result",
    SHAPE: "shape shapes tensor shapes",
    SKIPPED: "raises example examples note notes warning warnings references reference usage see also todo attributes"
    " tip citation doctest code test tests",
}
_SECTION_OF = {name: kind for kind, text in _HEADERS.items() for name in text.split()} | {
    "keyword args": PARAMETER,
    "keyword arguments": PARAMETER,
    "other parameters": PARAMETER,
    "tensor shapes": SHAPE,
    "see also": SKIPPED,
}
_HEADER = re.compile(
    r"^\s*(?:[#*]+\s*)?(?P<title>[A-Za-z][A-Za-z ]{2,19}?)\s*(?:\([\w ]+\))?\s*(?:(?P<colon>::?)\s*)?\**\s*$"
)
_UNDERLINE = re.compile(r"^\s*[-=~]{3,}\s*$")
_SPHINX = re.compile(
    r"^\s*:(?:(?P<result>returns?|rtype)"
    r"|(?:param|parameter|arg|argument|type)(?:\s+[\w.\[\], |]+?)?\s+(?P<names>\*{0,2}\w+(?:\s*,\s*\w+)*)|\w[\w ]*)\s*:"
)
_NAMES = r"\*{0,2}`{0,2}[A-Za-z_]\w*(?:\.\w+)*`{0,2}(?:\s*(?:,|/|\band\b)\s*`{0,2}[A-Za-z_]\w*`{0,2})*"
_GOOGLE = re.compile(
    rf"^\s*(?:[-*•]\s+)?(?P<names>{_NAMES})\s*(?P<type>\([^\n]*?\)|\[[^\n]*?\])?\s*(?P<colon>:|\s[-\u2013—]{{1,2}}\s)(?!:)"
)
_PLAIN_ENTRY = re.compile(rf"^\s*(?:[-*•]\s+)?(?P<names>{_NAMES})\s*(?=[(\[`=])")
_NUMPY = re.compile(rf"^\s*(?P<names>{_NAMES})\s+:\s")


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of a docstring: the kind of its section, the names it speaks of, and where its text begins and ends."""

    kind: str
    names: tuple[str, ...]
    start: int
    end: int
    section: int = 0


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
            found.append(Entry(kind, names, line.start + sphinx.end(), line.end, section))
            continue
        if margin >= 0 and line.indent < margin:
            kind, margin, item_indent = PLAIN, -1, -1
        continues = found and item_indent >= 0 and line.indent > item_indent and kind in (PARAMETER, RESULT, SHAPE)
        if continues:
            found[-1] = Entry(found[-1].kind, found[-1].names, found[-1].start, line.end, section)
            continue
        if (
            kind in (PARAMETER, RESULT, SHAPE)
            and margin >= 0
            and line.indent <= margin
            and not _underlined(lines, index)
        ) and (not (_GOOGLE.match(line.text) or _NUMPY.match(line.text)) or line.indent < margin):
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
    if not match["colon"] and not _UNDERLINE.match(following):
        return None
    return _SECTION_OF.get(match["title"].strip().lower())


def _underlined(lines: list[_Line], index: int) -> bool:
    """Whether the section of a line is a NumPy one, whose entries stand at the indent of the header."""
    return any(_UNDERLINE.match(lines[at].text) for at in range(index - 1, max(-1, index - 60), -1))


def _entry(kind: str, line: _Line, section: int) -> Entry:
    for pattern in (_NUMPY, _GOOGLE, _PLAIN_ENTRY) if kind != PLAIN else (_GOOGLE, _PLAIN_ENTRY):
        match = pattern.match(line.text)
        if match is None:
            continue
        names = _split_names(match["names"])
        start = match.end("names") if "type" not in match.groupdict() or match["type"] else match.end()
        return Entry(kind, names, line.start + start, line.end, section)
    return Entry(kind, (), line.start, line.end, section)


def _split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip("`* ") for name in re.split(r",|/|\band\b", text) if name.strip("`* "))
