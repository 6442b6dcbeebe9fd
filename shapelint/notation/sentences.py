"""Sentences of a docstring that tell the shape of a parameter, wherever they stand: "expects x as (B, C, H, W)"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeAlias

from shapelint.notation.model import Claim, Role

Read: TypeAlias = Callable[[str], tuple[Claim, ...]]
"""Reads a cleaned text in which everything is blank but a name, the words behind it, and a shape."""

_TENSOR = r"(?:[A-Za-z0-9-]+\s+){0,2}?(?:[Tt]ensors?|arrays?|matrix|ndarray|torch\.Tensor)"
_SHAPE = r"(?:shapes?|sizes?|dimensions?|dims)"
_OF_SHAPE = rf"(?:of|with|in|having)\s+(?:the\s+)?{_SHAPE}"
_MUST = r"(?:should|must|needs?\s+to|has\s+to|have\s+to|will|can)"
_TELLING = (
    rf"(?:\s+(?:is|are|{_MUST}\s+be|to\s+be|as)(?:\s+(?:an?|the))?(?:\s+{_TENSOR})?(?:\s+{_OF_SHAPE})?"
    rf"|\s+(?:has|have|{_MUST}\s+have)(?:\s+(?:an?|the))?\s+{_SHAPE}"
    rf"|,?\s+(?:an?\s+{_TENSOR}\s+)?{_OF_SHAPE}"
    rf"|\s*:\s*(?:(?:an?\s+)?{_TENSOR}\s+)?(?:{_OF_SHAPE})?|\s+shape|\s)(?:\s+of\b)?\s*[:=]?\s*"
)
_ROW = r"(?P<row>[(\[][^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*[)\]])"
_OF_INPUT = re.compile(rf"(?<![\w.`'\"-])(?P<name>[A-Za-z_]\w*){_TELLING}{_ROW}")
_OF_RESULT = re.compile(
    rf"(?P<and>,?\s(?:and|then)\s+(?:it\s+)?)?(?P<name>\b(?:[Rr]eturns?|[Gg]ives?|[Oo]utputs?|[Pp]roduces?))"
    rf"(?:\s+(?:an?|the))?(?:\s+{_TENSOR})?(?:\s+{_OF_SHAPE}|\s+shape)?\s*:?\s*{_ROW}"
)
_SENTENCE = re.compile(r"(?<=[.;])\s+")
_IN_A_CASE = re.compile(
    r"\b(?:if|when|unless|whenever|otherwise|either|not|e\.g|i\.e|such as|like|instead|until|each|every|lists?|tuples?)\b",
    re.IGNORECASE,
)
_CASE_BEHIND = re.compile(r"[\s,)]*(?:(?:if|when|unless|or|otherwise|for)\b|[(\[/])", re.IGNORECASE)
_INPUT = re.compile(r"inputs?$", re.IGNORECASE)


def of_sentences(body: str, parameters: Collection[str], read: Read) -> list[Claim]:
    """The claims of a cleaned line of prose on parameters, on the only input, and on what is returned."""
    found: list[Claim] = []
    for start, end in _sentences(body):
        told = [claim for claim in _of_inputs(body, start, end, parameters, read)]
        for match in _OF_RESULT.finditer(body, start, end):
            begins = not body[start : match.start()].strip(" \n-*•")
            if (begins and not match["and"]) or (match["and"] and told):
                told += [replace(claim, role=Role.RESULT, subject=None) for claim in _read_alone(body, match, read)]
        found += told
    return found


def _sentences(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _SENTENCE.finditer(body):
        yield start, gap.start()
        start = gap.end()
    yield start, len(body)


def _of_inputs(body: str, start: int, end: int, parameters: Collection[str], read: Read) -> Iterator[Claim]:
    for match in _OF_INPUT.finditer(body, start, end):
        name = match["name"]
        if name not in parameters and not _INPUT.match(name):
            continue
        if _IN_A_CASE.search(body, start, match.start("row")):
            return
        subject = name if name in parameters else None
        for claim in _read_alone(body, match, read):
            yield replace(claim, role=Role.INPUT, subject=subject, index=0, count=1)


def _read_alone(body: str, match: re.Match[str], read: Read) -> list[Claim]:
    """The claim of one phrase, read as if it were said by itself to be a shape; none of one that has cases."""
    if _CASE_BEHIND.match(body, match.end()):
        return []
    row = match.start("row")
    claims = read(" " * row + body[row : match.end()])
    return list(claims) if len(claims) == 1 and claims[0].role is Role.RESULT else []
