"""What a description of a parameter tells of its number of dims alone: "a 1-D Tensor of N indices", "2D array"."""

from __future__ import annotations

import re

from shapelint.notation.model import Anything, Claim, DimSpec, Name, Role, ShapeSpec

_WORDS = r"(?:(?:torch|pytorch|numpy|float\w*|int\w*|long|bool|boolean|binary|complex|dense)\s+)*"
_RANK = re.compile(
    rf"(?<![\w.-])(?P<rank>[1-6])\s?-?\s?[dD](?:imensional)?\s+{_WORDS}(?:torch\.)?(?:[Tt]ensor|array|ndarray)\b(?!\s+or\b)"
)
_COUNT = re.compile(r"\s+of\s+(?:length\s+|size\s+)?(?P<name>[A-Z])\b(?!\s*[-+*/x.(\[])")
_SEVERAL = re.compile(
    r"\b(?:or|lists?|tuples?|sequences?|dict\w*|each|if|when|unless|either|not|nested)\b", re.IGNORECASE
)


def rank_told(body: str) -> Claim | None:
    """The claim that a parameter has so many dims of any size, where its description tells that, and of one case only.

    Of "a 1-D Tensor of N indices" the only dim is N.
    """
    found = list(_RANK.finditer(body))
    match = found[0] if len(found) == 1 else None
    if match is None or _SEVERAL.search(body, 0, _clause_end(body, match.end())):
        return None
    rank, end = int(match["rank"]), match.end()
    count = _COUNT.match(body, end) if rank == 1 else None
    items: tuple[DimSpec, ...] = (Name(count["name"]),) if count is not None else (Anything("?"),) * rank
    end = count.end() if count is not None else end
    shape = ShapeSpec(items, body[match.start() : end])
    return Claim(Role.RESULT, (shape,), match.start(), end, in_words=True)


def _clause_end(body: str, at: int) -> int:
    found = _STOP.search(body, at)
    return len(body) if found is None else found.start()


_STOP = re.compile(r"[.,;](?:\s|$)")
