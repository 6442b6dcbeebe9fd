"""Sentences of a docstring that tell the shape of a parameter, wherever they stand: "expects x as (B, C, H, W)"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeAlias

from shapelint.notation.model import Claim, Role
from shapelint.notation.vocabulary import strength

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
    rf"|\s*:\s*(?:(?:an?\s+)?{_TENSOR}\s+)?(?:{_OF_SHAPE})?|\s+shape|\s)(?:\s+of\b)?\s*(?::|=(?=\s*\())?\s*"
)
_ROW = r"(?P<row>[(\[][^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*[)\]])"
_OF_INPUT = re.compile(rf"(?<![\w.`'\"-])(?P<name>[A-Za-z_]\w*){_TELLING}{_ROW}")
_OF_RESULT = re.compile(
    rf"(?P<and>,?\s(?:and|then)\s+(?:it\s+)?)?(?P<name>\b(?:[Rr]eturns?|[Gg]ives?|[Oo]utputs?|[Pp]roduces?))"
    rf"(?:\s+(?:an?|the))?(?:\s+{_TENSOR})?(?:\s+{_OF_SHAPE}|\s+shape)?\s*:?\s*{_ROW}"
)
_OF_RESULT_IN_WORDS = re.compile(
    rf"(?P<name>\b[Rr]eturns?)(?:\s+(?!of\b)[a-z][\w-]*){{1,5}},?\s+{_ROW}(?=\s*(?:[.;]|$))"
)
_SENTENCE = re.compile(r"(?<=[.;])\s+")
_IN_A_CASE = re.compile(
    r"\b(?:if|when|unless|whenever|otherwise|either|not|e\.g|i\.e"
    r"|such as|like|instead|until|each|every|any|lists?|tuples?|modes?|cases?)\b",
    re.IGNORECASE,
)
_CASE_BEHIND = re.compile(
    r"[\s,)]*(?:(?:if|when|unless|or|otherwise|for|tuples?|pairs?)\b|[(\[/+*@^_]|-(?!->|>|\s))", re.IGNORECASE
)
_INPUT = re.compile(r"inputs?$", re.IGNORECASE)
_A_SIZE = re.compile(r"(?:size|shape|dim|stride|kernel|padding|dilation|crop|grid|resolution)s?$")  # what holds sizes
# Another thing that goes by the name: one of several kinds (`a 3-D input is ...`), or what is made of it (`to a mask`).
_ANOTHER = re.compile(
    r"(?:(?:^|[,:;.-])\s*(?:[-*•]\s*)?(?:an?|other|another)\s+(?:[\w-]+\s+){0,2}"
    r"|\b(?:to|into|gives?|returns?|produces?|creates?|yields?|builds?|makes?|outputs?)\s+(?:[\w-]+\s+){1,4})[`\s]*$",
    re.IGNORECASE,
)
_ENDED = re.compile(r"(?:^|[.:;])\s*$")


def of_sentences(body: str, above: str, parameters: Collection[str], read: Read) -> list[Claim]:
    """The claims of a cleaned line of prose on parameters, on the only input, and on what is returned.

    A sentence may have begun in the lines `above`, which belong to the same paragraph.
    """
    found: list[Claim] = []
    begun = "" if _ENDED.search(above) else _SENTENCE.split(above)[-1]
    for start, end in _sentences(body):
        if start and begun:
            begun = ""
        if begun and _IN_A_CASE.search(begun):
            continue
        told = list(_of_inputs(body, start, end, parameters, read, bool(begun)))
        for match in _OF_RESULT.finditer(body, start, end):
            begins = not begun and not body[start : match.start()].strip(" \n-*•")
            if (begins and not match["and"]) or (match["and"] and told):
                said = re.search(_SHAPE, body[match.end("name") : match.start("row")])
                told += [
                    replace(claim, role=Role.RESULT, subject=None)
                    for claim in _read_alone(body, match, read)
                    if all(strength(item) > (0 if said else 1) for item in claim.shapes[0].items)
                ]
        in_words = _OF_RESULT_IN_WORDS.match(body, start, end)
        if in_words is not None and not begun and not _IN_A_CASE.search(in_words[0]):
            told += [
                replace(claim, role=Role.RESULT, subject=None)
                for claim in _read_alone(body, in_words, read)
                if all(strength(item) > 1 for item in claim.shapes[0].items)
            ]
        found += told
    return found


def _sentences(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _SENTENCE.finditer(body):
        yield start, gap.start()
        start = gap.end()
    yield start, len(body)


def _of_inputs(
    body: str, start: int, end: int, parameters: Collection[str], read: Read, begun: bool
) -> Iterator[Claim]:
    for match in _OF_INPUT.finditer(body, start, end):
        name = match["name"]
        words = body[match.end("name") : match.start("row")]
        if _A_SIZE.search(name) and not re.search(_SHAPE, words):
            continue
        if name not in parameters and (not _INPUT.match(name) or begun or len(body[start : match.start()].split()) > 2):
            continue
        if not words.strip() and "," not in match["row"] and " x " not in match["row"]:
            continue  # `K [R|t]` is a product
        if _IN_A_CASE.search(body, start, match.start("row")):
            return
        if _ANOTHER.search(body[start : match.start()]):
            continue
        subjects = [*_named_with(body, start, match.start(), parameters), name] if name in parameters else [None]
        for claim in _read_alone(body, match, read):
            for subject in subjects:
                yield replace(claim, role=Role.INPUT, subject=subject, index=0, count=1)


def _named_with(body: str, start: int, end: int, parameters: Collection[str]) -> list[str]:
    """The parameters named together with the one that stands at `end`: `q/k/v`, or `q, k and v` at the beginning."""
    names = _WITH_SLASHES.search(body, start, end) or _LISTED.match(body, start, end)
    found = re.findall(r"[A-Za-z_]\w*", re.sub(r"\band\b", " ", names[0])) if names is not None else []
    return found if all(one in parameters for one in found) else []


_WITH_SLASHES = re.compile(r"(?<![\w/.])(?:[A-Za-z_]\w*/)+$")
_LISTED = re.compile(r"\s*[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*(?:,|,?\s+and)\s+$")


def _read_alone(body: str, match: re.Match[str], read: Read) -> list[Claim]:
    """The claim of one phrase, read as if it were said by itself to be a shape; none of one that has cases."""
    if _CASE_BEHIND.match(body, match.end()):
        return []
    row = match.start("row")
    claims = read(" " * row + body[row : match.end()])
    return list(claims) if len(claims) == 1 and claims[0].role is Role.RESULT else []


def is_same(claim: Claim, other: Claim) -> bool:
    """Whether two claims stand at one place, or speak of one parameter."""
    overlap = other.start < claim.end and claim.start < other.end
    return overlap or (claim.subject is not None and claim.subject == other.subject)


def without_cases(claims: list[Claim], in_sentences: list[Claim]) -> list[Claim]:
    """The claims without those of sentences that do not agree: each may be of a case, or of a step within.

    What a list of the parameters says is surer than a sentence.
    """
    kept = []
    for claim in claims:
        rivals = [other for other in claims if other.role is claim.role and other.subject == claim.subject]
        if claim not in in_sentences or all(_shapes(other) == _shapes(claim) for other in rivals):
            kept.append(claim)
    return kept


def _shapes(claim: Claim) -> list[object]:
    return [shape.items for shape in claim.shapes]
