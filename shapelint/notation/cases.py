"""What a docstring says of one result in several cases -> one row of alternatives: "(B, T) if x else (B, T, C)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from shapelint.notation.candidate import Candidate
from shapelint.notation.candidates import find_candidates
from shapelint.notation.model import ShapeSpec
from shapelint.notation.tokens import tokenize

# What ties a shape to a case, behind it or before it in its sentence.
_BEHIND = re.compile(
    r"[^.;]*?(?:\b(?:if|when|unless|otherwise)\b|\b(?:for|with|under)\s+(?:['\"]\w|[`'\"]*\w+\s*=))"
    r"|\W*(?:\([\w ]+\)\W*)?\b(?:or|else)\b(?!\s+more\b)"
)
_BEFORE = re.compile(
    r"\b(?:if|when|with|for|under)\s+[`'\"]*\w+\s*=[^.;]*$"
    r"|\b(?:cases?|modes?|values?|otherwise)\b\W*(?:\w+\W+){0,3}$"
    r"|\bfor\s[^.;]{3,60}\b(?:shapes?|size|it|this)\s+(?:is|are)\b\W*(?:usually|typically|often)?\W*$"
    r"|\b(?:or|else)\b\W*(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_REST = re.compile(r"\b(?:other\s+\w+|otherwise|else)\b[^\n(\[]*$", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:cases?|modes?|if|when)\b[^\n(\[]*$|\b(?:for|with)\s+[`'\"]*\w+\s*=[^\n(\[]*$", re.IGNORECASE)
_OF_SEVERAL = re.compile(r"\b(?:lists?|tuples?|pairs?|dicts?|dictionary|each|respectively)\b", re.IGNORECASE)
_IN_A_ROW = re.compile(r"\W*,\W*$")

Cases: TypeAlias = tuple[tuple[ShapeSpec, ...], int, int]
"""The shapes, and where the first of them begins and ends."""


def shapes_of_cases(text: str, listed: bool = False) -> Cases | None:
    """The shapes that a piece of a cleaned docstring tells of one result in several cases.

    None where it tells one, or several that are not all tied to a case, which are those of several results; those of a
    list of cases are `listed`.
    """
    shapes: list[Candidate] = []
    for one in find_candidates(text, tokenize(text)):
        if one.form == "bracket" and (not shapes or any(_is_alike(one, other) for other in shapes)):
            shapes.append(one)
    if len({one.row.items for one in shapes}) < 2 or _OF_SEVERAL.search(text):
        return None
    ends = [0, *(one.end for one in shapes)]
    before = [text[at : one.start] for at, one in zip(ends, shapes, strict=False)]
    behind = [*before[1:], text[ends[-1] :]]
    tied = [bool(_BEFORE.search(a) or _BEHIND.match(b)) for a, b in zip(before, behind, strict=True)]
    for place in range(len(shapes) - 2, -1, -1):  # `(H, W), (H, W, C) or (B, H, W)`
        tied[place] = tied[place] or (tied[place + 1] and _IN_A_ROW.match(behind[place]) is not None)
    if not all(tied) and not listed:
        return None
    specs = {one.row.items: ShapeSpec(one.row.items, one.text) for one in shapes}
    return tuple(specs.values()), shapes[0].start, shapes[0].end


def is_list_of_cases(heads: Sequence[str]) -> bool:
    """Whether a list tells cases, by what stands before the first shape of each item: all name one, or one the rest."""
    return any(map(_REST.search, heads)) or all(map(_NAMED.search, heads))


def _is_alike(one: Candidate, other: Candidate) -> bool:
    """Whether a row may be another shape of the same result, and no pair of values: it begins alike, or is as long."""
    mine, yours = one.row.items, other.row.items
    return mine[:1] == yours[:1] or len(mine) == len(yours) > 2 or mine[1:] == yours or mine == yours[1:]
