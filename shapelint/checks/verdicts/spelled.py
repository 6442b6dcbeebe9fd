"""Claims that are right but for how they spell a name: `num_priors` of the code's `n_priors`, `TH` of its `th`."""

from __future__ import annotations

import re

from shapelint.checks.verdicts.matching import Match
from shapelint.dims import Dim, Symbol
from shapelint.interp.state.apart import Groups


def by_another_spelling(match: Match, groups: Groups) -> list[tuple[Dim, Dim]]:
    """The sizes of a claim that do not fit, each with what it is by another spelling; none if one is none.

    Where both spellings stand beside each other they are two sizes.
    """
    if match.shape is None or match.given is None:
        return []
    said = {one.name for each in match.shape.dims if each.size is not None for one in each.size.symbols}
    seen = {one.name for size in match.given.seen() for one in size.symbols}
    pairs = []
    for index, size in match.wrong:
        own = match.shape.dims[index].size
        a, b = own.as_symbol if own is not None else None, size.as_symbol
        if own is None or a is None or b is None or groups.get(own, set()) & groups.get(size, set()):
            return []
        if not _is_one_spelling(a, b) or b.name in said or a.name in seen:
            return []
        pairs.append((own, size))
    return pairs


def _is_one_spelling(a: Symbol, b: Symbol) -> bool:
    first, second = _words(a.name), _words(b.name)
    if first == second and len(first) > 1:  # `K` and `k` may be two
        return True
    return sorted((first, second), key=len) in (["b", "batch"], ["b", "batchsize"], ["batch", "batchsize"])


def _words(name: str) -> str:
    """A name without what is a matter of taste: `NumPriors`, `n_priors`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_").split("_")
    return "".join("n" if word in ("num", "nb", "nr") and len(words) > 1 else word for word in words)
