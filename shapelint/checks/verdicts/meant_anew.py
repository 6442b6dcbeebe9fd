"""Letters of comments that are another size in one comment than they were in those before it."""

from __future__ import annotations

import re

from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Problem
from shapelint.dims import Symbol
from shapelint.interp.claims.names import names_in
from shapelint.interp.state.apart import Groups
from shapelint.notation.model import Name


def calls_one_size_otherwise(judged: Judged) -> bool:
    """Whether all that does not fit is in letters for a size that has another name in the same comment.

    Where N was the batch before, `(b, 4N, D)` is of another N.
    """
    match = judged.match
    if match is None or match.shape is None or match.shape.rest is not None or match.problem is Problem.RANK:
        return False
    items, dims = match.shape.spec.items, match.shape.dims
    wrong = {index for index, _ in match.wrong}
    named = [
        (item.text, dims[index].size)
        for index, item in enumerate(items)
        if isinstance(item, Name) and index not in wrong and dims[index].size is not None
    ]

    def is_another(index: int) -> bool:
        names, size = names_in(items[index]), dims[index].size
        if isinstance(items[index], Name):
            return False  # the two may stand in each other's place
        symbols = frozenset[Symbol]() if size is None else size.symbols
        own = [(text, one.as_symbol) for text, one in named if one is not None and one.as_symbol in symbols]
        return any(text not in names and one is not None and one.name not in names for text, one in own)

    return bool(wrong) and all(map(is_another, wrong))


def is_of_roles(judged: Judged, groups: Groups) -> bool:
    """Whether all that does not fit are words of comments alone for what a weight takes and gives: `(out_dim, in_dim)`
    beside each of two weights."""
    match = judged.match
    if match is None or match.shape is None or match.shape.rest is not None or match.problem is Problem.RANK:
        return False
    items, dims = match.shape.spec.items, match.shape.dims

    def is_role(index: int) -> bool:
        item, size = items[index], dims[index].size
        if not isinstance(item, Name) or size is None or _ROLE.fullmatch(item.text) is None:
            return False
        is_of_code = size.as_symbol is not None and size.as_symbol.name == item.text
        return not is_of_code or all(place.startswith("('claim'") for place in groups.get(size, set()))

    return bool(match.wrong) and all(is_role(index) for index, _ in match.wrong)


_ROLE = re.compile(r"(?:in|out|input|output)_?(?:dim|features?|channels?|size|ch|planes|width)?s?", re.IGNORECASE)
