"""Consecutive comment lines -> one reading each; what breaks over two lines is joined, and reported where it starts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from shapelint.notation.brackets import NotAShape, partners
from shapelint.notation.comments import read_comment
from shapelint.notation.confusions import is_code
from shapelint.notation.leads import OF_CONTENTS
from shapelint.notation.model import Reading
from shapelint.notation.rows import read_bracket
from shapelint.notation.tokens import tokenize

MAX_JOINED = 4
MAX_LINE = 500

_MARK = re.compile(r"[\s#]*")
_ARROW_FIRST = re.compile(r"(?:-{1,3}>|={1,2}>|~>|→|⟶|⇒|⟹)\s*\S")
_ARROW_LAST = re.compile(r"(?:-{1,3}>|={1,2}>|~>|→|⟶|⇒|⟹)\s*$")
_HEADER_LAST = re.compile(r"(?:\b(?:of\s+)?shapes?(?:\s+(?:of|is|to|will be))?|\bof size)\s*[:=]?\s*$", re.IGNORECASE)
_SHAPE_FIRST = re.compile(r"(?:to|into)?\s*`?[(\[]")
_TO_FIRST = re.compile(r"(?:to|into)\s+(?:(?:a\s+)?shape\s+)?`?[(\[]")
_SIGN_FIRST = re.compile(r"(?:=|@|x|\*|\+)\s*[(\[]")
_BARE_ROW = re.compile(r"[\w*+/ -]+(?:,\s*[\w*+/ -]+)+(?:-{1,3}>|={1,2}>|~>|→|⟶|⇒|⟹)?\s*$")
_SHAPE_LAST = re.compile(r"[)\]]`?\s*[,.]?\s*$")


def read_comment_block(lines: Sequence[str]) -> tuple[Reading, ...]:
    """One Reading per line; each line begins with its `#`."""
    readings: list[Reading] = []
    index = 0
    while index < len(lines):
        joined = _joined_lines(lines, index)
        together = _read_together(lines[index : index + joined]) if joined > 1 else None
        if together is None:
            readings.append(read_comment(lines[index], own_line=True))
            index += 1
        else:
            readings.extend(together)
            index += joined
    return tuple(_of_what_is_switched_off(lines, _without_contents(lines, _without_pictures(lines, readings))))


_ROW_OF_BLOCKS = re.compile(r"#[\s\w]*=?\s*(?=\[[^\[\]]*\]\s*$)")


def _without_pictures(lines: Sequence[str], readings: Sequence[Reading]) -> list[Reading]:
    """The readings, but for rows of a matrix of blocks that is drawn: `z = [ x, B ]` over `    [ A, C ]`."""
    left = list(readings)
    for index, (above, below) in enumerate(pairwise(lines)):
        first, second = _ROW_OF_BLOCKS.match(above), _ROW_OF_BLOCKS.match(below)
        if first is None or second is None or first.end() != second.end() or above.count(",") != below.count(","):
            continue
        if "=" in first[0] and not second[0].strip("# "):
            left[index] = left[index + 1] = Reading()
    return left


def _without_contents(lines: Sequence[str], readings: Sequence[Reading]) -> list[Reading]:
    """The readings, but for a row of which the line above says that it stands in a tensor."""
    left = list(readings)
    for index, (above, below) in enumerate(pairwise(lines)):
        if OF_CONTENTS.search(_body(above)) and _body(below).startswith(("(", "[")):
            left[index + 1] = Reading()
    return left


_CALL_OPENED = re.compile(r"#+\s*(?:[\w.]+\s*=\s*)?[\w.]+[(\[]\s*$")
_CALL_CLOSED = re.compile(r"#+\s*[)\]][\s,)\]]*$")


def _within_a_call(lines: Sequence[str]) -> set[int]:
    """The lines between `# torch.zeros(` and `# )`: arguments of a call that is switched off."""
    within: set[int] = set()
    opened: int | None = None
    for index, line in enumerate(lines):
        if _CALL_OPENED.match(line):
            opened = index
        elif opened is not None and _CALL_CLOSED.match(line):
            within.update(range(opened + 1, index))
            opened = None
    return within


_DEFINED = re.compile(r"(#+\s*)(?:async\s+def|def|class)\s+\w+\s*(?:\(.*|:)$")
_MARGIN = re.compile(r"#+\s*")


def _within_a_definition(lines: Sequence[str]) -> set[int]:
    """The lines that stand deeper than a `# def f(x):` above them: its text and its docstring, switched off with it."""
    within: set[int] = set()
    margin = 0
    for index, line in enumerate(lines):
        mark, text = _MARGIN.match(line), line.strip("# ")
        deeper = mark is not None and mark.end() > margin
        if margin and (deeper or not text or text.startswith(")")):
            within.add(index)
            continue
        defined = _DEFINED.match(line)
        margin = len(defined[1]) if defined is not None else 0
    return within


def _of_what_is_switched_off(lines: Sequence[str], readings: Sequence[Reading]) -> Iterator[Reading]:
    """The readings; what stands over or between lines of code that are switched off tells of what these would give."""
    code = [index for index, line in enumerate(lines) if is_code(line)] if len(lines) > 1 else []
    first = -1 if code and code[-1] == len(lines) - 1 else code[0] if code else 0
    arguments = _within_a_call(lines) | _within_a_definition(lines) if len(lines) > 2 else set()
    for index, reading in enumerate(readings):
        if index in arguments:
            yield Reading()
            continue
        if code and first < index < code[-1]:
            claims = tuple(replace(claim, conditional=True) for claim in reading.claims)
            reading = replace(reading, claims=claims)
        yield reading


def _joined_lines(lines: Sequence[str], first: int) -> int:
    """How many lines from `first` on belong together."""
    count = 1
    while count < MAX_JOINED and first + count < len(lines):
        above, below = lines[first + count - 1], lines[first + count]
        if len(above) > MAX_LINE or len(below) > MAX_LINE or not _belongs(_body(above), _body(below)):
            break
        count += 1
    return count


def _body(line: str) -> str:
    mark = _MARK.match(line)
    return line[mark.end() if mark else 0 :].rstrip()


def _belongs(above: str, below: str) -> bool:
    if not above or not below:
        return False
    if _ARROW_FIRST.match(below) and _SHAPE_LAST.search(above):
        return True
    if (_ARROW_LAST.search(above) or _HEADER_LAST.search(above)) and _SHAPE_FIRST.match(below):
        return True
    if _ARROW_LAST.search(above) and _BARE_ROW.match(above) and _BARE_ROW.match(below):
        return True
    if (_TO_FIRST.match(below) or _SIGN_FIRST.match(below)) and _SHAPE_LAST.search(above):
        return True
    return _breaks_in_a_shape(above, below)


def _breaks_in_a_shape(above: str, below: str) -> bool:
    """Whether a bracket that stays open above closes below, and holds nothing but dims."""
    tokens = tokenize(f"{above} {below}")
    for first, last in partners(tokens).items():
        if tokens[first].start < len(above) <= tokens[last].start:
            try:
                return len(read_bracket(tokens, first, last).items) > 1
            except NotAShape:
                continue
    return False


def _read_together(lines: Sequence[str]) -> list[Reading] | None:
    text = lines[0]
    starts = [0]
    for line in lines[1:]:
        starts.append(len(text) + 1)
        body = _body(line)
        text += " " + " " * (len(line.rstrip()) - len(body)) + body
    reading = read_comment(text, own_line=True)
    if not reading.claims:
        return None
    parts: list[Reading] = [Reading() for _ in lines]
    for claim in reading.claims:
        at = bisect_right(starts, claim.start) - 1
        end = min(claim.end - starts[at], len(lines[at]))
        moved = replace(claim, start=claim.start - starts[at], end=end)
        parts[at] = replace(parts[at], claims=(*parts[at].claims, moved))
    for definition in reading.definitions:
        at = bisect_right(starts, definition.start) - 1
        end = min(definition.end - starts[at], len(lines[at]))
        moved_definition = replace(definition, start=definition.start - starts[at], end=end)
        parts[at] = replace(parts[at], definitions=(*parts[at].definitions, moved_definition))
    return parts
