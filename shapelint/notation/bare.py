"""Finds the shapes of a comment that stand in no brackets: what is between its connectors, products, glued letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shapelint.notation.brackets import NotAShape, is_cross, split
from shapelint.notation.candidate import Candidate
from shapelint.notation.model import Binary, DimSpec, Name, Rest
from shapelint.notation.rows import Row, read_row
from shapelint.notation.tokens import Token, tokenize
from shapelint.notation.vocabulary import LAYOUTS, PROSE_WORDS, VERBS, is_letter, name_strength, strength

_LEAD = re.compile(
    r"[\s#]*(?:(?:[-*•]|\d{1,2}[.)])\s+)?"
    r"(?:[^;:()\[\]]{1,60}\b(?:of|has|have|with)\s+shapes?\s*[:=]?\s+"
    r"|(?:[A-Za-z_][\w.]{0,30}(?:\(\))?\s+)?(?:(?:out(?:put)?|in(?:put)?|result|tensor|the)\s+)?(?:shape|size|dims?)s?"
    r"(?:\s+(?:is|of|to))?\s*[:=]?\s+"
    r"|(?:now|still|output|input|returns?|out|to|into|from|(?:back|convert(?:ed)?|permuted?|transposed?|reshaped?)\s+to)\s+"
    r"|[A-Za-z_][\w.]{0,30}(?:\.shape|\.size\(\))?\s*(?::|==?|\s(?:is|are)(?:\s+(?:now|in))?\s)\s*)?"
)
_ATOM = r"(?:\d{0,3}[A-Za-z_][\w.]*(?:-[a-z]{2,}|')?|\d{1,6}|\([\w*+/. -]{1,40}\)|\*|\.\.\.)(?:\s?(?://?|\*\*?|\^|\+|-)\s?(?:\w{1,24}|\(\w{1,24}\)))?"
_CROSSED = re.compile(
    rf"(?<![\w.)\]*/+-])(?<![\w)] [*/+-] ){_ATOM}(?:\s+[x\u00d7]\s+{_ATOM}|\s?\u00d7\s?{_ATOM})+(?![\w(^])"
)
_OF_CAPITALS = r"(?:[A-Z]\w*|[a-z]|\d{1,6}|\([\w*+/. -]{1,40}\))"
_CROSSED_LARGE = re.compile(rf"(?<![\w.)\]*/+-]){_OF_CAPITALS}(?:\s+[xX\u00d7]\s+{_OF_CAPITALS}){{2,}}(?![\w(])")
"""A row with a large sign between its dims, `Batch x Channels X Length`: of words in capitals, lest it is a name X."""

_GLOSS = re.compile(r"(?<=\w)(?<!\b[xAa\u00d7])\s+\([^()]*\)(?=\s+[x\u00d7]\s)")
"""What a dim of a product is, said behind it: `utt x 1 (input channel num) x frame x dim`."""


_WITHIN_A_CALL = re.compile(r"\w\($")
"""What is within brackets of a word, or one dim of a longer word: `CBT -> C(BxT)`."""


def with_bare(text: str, tokens: Sequence[Token], found: list[Candidate]) -> list[Candidate]:
    found = list(found)
    pieces = _between_arrows(text, tokens)
    barred = [token.start for token in tokens if token.kind in _NOT_IN_A_ROW]
    for start, end in pieces:
        candidate = _whole_piece(text, start, end, len(pieces) > 1, barred)
        if candidate is None:
            continue
        inside = [other for other in found if candidate.start <= other.start and other.end <= candidate.end]
        if any(start <= other.start < end and other not in inside for other in found):
            continue
        if any(len(other.row.items) > 1 and other.row.style == "comma" for other in inside):
            continue
        found = [other for other in found if other not in inside] + [candidate]
    plain = _GLOSS.sub(lambda gloss: " " * len(gloss[0]), text)
    large = [match for match in _CROSSED_LARGE.finditer(plain) if " X " in match[0]]
    for match in (*large, *_CROSSED.finditer(plain)):
        if _WITHIN_A_CALL.search(plain[: match.start()]):
            continue
        _add_crossed(text, plain, match.start(), match.end(), "x", found)
    for token in tokens:
        before = text[: token.start]
        is_part = _CROSS_BEFORE.search(before) or _CROSS_BEHIND.match(text, token.end)  # of what is no row as a whole
        if token.kind == "GLUED" and not is_part and not before.endswith(")") and not _WITHIN_A_CALL.search(before):
            _add_crossed(text, text, token.start, token.end, "glued", found)
    return found


_CROSS_BEFORE = re.compile(r"\w\s+[xX\u00d7]\s+$")
_CROSS_BEHIND = re.compile(r"\s+[xX\u00d7]\s+\w")


def _between_arrows(text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    begin = 0
    for token in tokens:
        is_arrow = token.kind == "ARROW" and token.text != "=="
        if is_arrow or (token.text in ("to", "or") and (_joins_layouts(text, token) or _parts_rows(text, token))):
            pieces.append((begin, token.start))
            begin = token.end
    pieces.append((begin, len(text)))
    return [(start, end) for start, end in pieces if text[start:end].strip(" #\t")]


def _parts_rows(text: str, token: Token) -> bool:
    """The `or` of `N x C x L or C x L`, or of `B, C, T or B, T`, which is not that of `1 or B`."""
    if token.text != "or":
        return False
    before, after = text[: token.start], text[token.end :]
    if re.search(r"\sx\s", before) and " x " in after:
        return True
    first, again = _ROW_BEFORE.search(before), _ROW_AFTER.match(after)
    return first is not None and again is not None and first[1] == again[1]


_ROW_BEFORE = re.compile(r"(?<![\w,(\[])\s*(\w+)(?:\s*,\s*\w+)+\s*$")
_ROW_AFTER = re.compile(r"\s*(\w+)\s*,")


def _joins_layouts(text: str, token: Token) -> bool:
    """The `to` of `HWC to CHW`."""
    return token.text == "to" and text[: token.start].rstrip().rpartition(" ")[2] in LAYOUTS


_NOT_IN_A_ROW = frozenset(["QUOTE", "OTHER", "FLOAT", "EQUAL", "ARROW", "LEFT_ARROW"])


def _whole_piece(text: str, start: int, end: int, arrows: bool, barred: Sequence[int]) -> Candidate | None:
    """The piece without its lead (`mask:`, `shape`) and its gloss, if all of the rest is one bare row.

    `barred` is where tokens stand that no row holds.
    """
    lead = _LEAD.match(text, start, end)
    begin = lead.end() if lead else start
    middle = text[begin:end]
    longest = next((at for at in barred if at >= begin), end) - begin
    for cut in _tail_starts(middle):
        if cut > longest:
            continue
        body = middle[:cut].strip()
        if body.count("[") != body.count("]"):
            if body.endswith(","):
                continue  # the row goes on on the next line
            body = body.removeprefix("[").removesuffix("]").strip()
        if not body:
            continue
        candidate = _bare(text, begin + middle.index(body), body, arrows)
        if candidate is not None:
            return candidate
    return None


def _tail_starts(middle: str) -> list[int]:
    starts = [len(middle)]
    for mark in (
        " where ",
        " with ",
        ", where",
        " (",
        " - ",
        " \u2013 ",
        " — ",
        " #",
        ". ",
        ";",
        ".",
        ", so ",
        ", as ",
        ", for ",
    ):
        at = middle.find(mark, 1)
        if at > 0 and not middle[at : at + 2].strip(".").isdigit():  # `p**0.5` goes on
            starts.append(at)
    return sorted(set(starts), reverse=True)


_SHAPE_AND_WORD = re.compile(r"[(\[]\s*[A-Za-z](?:\s+[A-Za-z]){2,}\s*[)\]]\s*,\s*[A-Za-z]{4,}")
"""A row of three letters or more in brackets, and one word behind it, which tells what the tensor holds."""


def _bare(text: str, start: int, body: str, arrows: bool) -> Candidate | None:
    if len(body) > 120:
        return None
    end = start + len(body)
    if body in LAYOUTS or (arrows and re.fullmatch(r"[BN][A-Z]{2,4}", body) and len(set(body)) == len(body)):
        items = tuple(Name(letter) for letter in body)
        return Candidate(Row(items, (), "letters"), start, end, body, "letters")
    tokens = tokenize(body, start)
    kinds = {token.kind for token in tokens}
    if not kinds.isdisjoint(_NOT_IN_A_ROW) or tokens[0].kind == "CLOSE":
        return None
    try:
        row = read_row(tokens)
    except NotAShape:
        return None
    if len(row.items) < 2:
        return None
    form = row.style
    if form == "comma" and _SHAPE_AND_WORD.fullmatch(body):
        return None  # `(b c t), mels`
    if form == "x" and not all(len(piece) <= 5 for piece in split(tokens, is_cross)):
        return None
    if form == "x" and any(isinstance(item, Name) and " " in item.text and _wordy(item.text) for item in row.items):
        return None
    first = row.items[0]
    if form == "x" and isinstance(first, Name) and re.search(r" [A-Z]$", first.text):
        return None  # `decoder state B x D` is of the shape `B x D`
    if form == "comma" and not _plausible_commas(row):
        return None
    if form == "space" and sum(map(_letters_in, row.items)) < 2:
        return None
    if form in ("comma", "space") and any(strength(item) == 0 for item in row.items):
        return None
    return Candidate(row, start, end, text[start:end], form)


def _letters_in(item: DimSpec | Rest) -> int:
    """How many letters stand in a dim of a spaced row: both of `(b n)`."""
    if isinstance(item, Binary) and item.op == "*":
        return _letters_in(item.left) + _letters_in(item.right)
    return isinstance(item, Name) and is_letter(item.text)


def _wordy(phrase: str) -> bool:
    return any(word.lower() in VERBS or name_strength(word) == 0 for word in phrase.split())


def _plausible_commas(row: Row) -> bool:
    names = [item.text for item in row.items if isinstance(item, Name)]
    if any(" " in name for name in names):
        return False
    return not any(isinstance(item, Rest) for item in row.items[1:])


_GOES_ON = re.compile(
    r"\s+[xX\u00d7]\s+[^\W\d_]\w*\(|\s*[xX\u00d7]\s*[(\[]"
)  # `B x T x T(k)`: another dim, which is not read

_NEXT_WORDS = re.compile(
    r"(?:\s+(?!(?:and|or|to|by|with|for|of|plus|from|into|then)\b)[a-z]+){1,2}\s+[x\u00d7]\s[^()]*\)"
)
"""A dim of several words, in the row of which more dims follow: `(batch x sequence index x phoneme index)`."""


def _add_crossed(text: str, plain: str, start: int, end: int, form: str, found: list[Candidate]) -> None:
    """Add a product of dims; `plain` is the text without what is said of single dims."""
    for index, other in enumerate(found):
        if start < other.end and other.start < end:
            if not (start <= other.start and other.end <= end and end - start > other.end - other.start):
                return
            if other.form not in ("bracket", form):
                return
            del found[index]
            _add_crossed(text, plain, start, end, form, found)
            return
    if _GOES_ON.match(text, end) or (plain[:start].endswith("(") and _NEXT_WORDS.match(plain, end)):
        return
    try:
        row = read_row(tokenize(plain[start:end], start))
    except NotAShape:
        return
    if any(isinstance(item, Name) and item.text in PROSE_WORDS and len(item.text) > 1 for item in row.items):
        return
    if len(row.items) > 1:
        found.append(Candidate(replace(row, style=form), start, end, text[start:end], form))
