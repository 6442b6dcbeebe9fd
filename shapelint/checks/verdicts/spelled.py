"""Claims that are right but for how they spell a name: `num_priors` of the code's `n_priors`, `TH` of its `th`."""

from __future__ import annotations

import re

from shapelint.checks.verdicts.matching import Match
from shapelint.dims import Dim, Facts, Symbol
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


def spelled_otherwise(match: Match, facts: Facts, groups: Groups) -> list[tuple[Dim, Dim]]:
    """The sizes of a claim that are not known to fit, each with what it is by another spelling, if it is any."""
    if match.shape is None or match.given is None or not match.given.known or match.shape.rest is not None:
        return []
    if len(match.shape.dims) != match.given.rank:
        return []
    said = {one.name for each in match.shape.dims if each.size is not None for one in each.size.symbols}
    seen = {one.name for size in match.given.dims for one in size.symbols}
    pairs = []
    for claimed, size in zip(match.shape.dims, match.given.dims, strict=True):
        own = claimed.size
        a, b = own.as_symbol if own is not None else None, size.as_symbol
        if own is None or a is None or b is None or facts.is_equal(own, size) or b.name in said or a.name in seen:
            continue
        if _is_one_spelling(a, b) and not groups.get(own, set()) & groups.get(size, set()):
            pairs.append((own, size))
    return pairs


def _is_one_spelling(a: Symbol, b: Symbol) -> bool:
    first, second = _words(a.name), _words(b.name)
    if first == second:  # `K` and `k` may be two
        return len(first) > 1
    if first in _OF_A_BATCH and second in _OF_A_BATCH:
        return True
    if _are_cut_short(_own_name(a), _own_name(b)):
        return True
    return _are_initials(a.name, _own_name(b)) or _are_initials(b.name, _own_name(a))


_OF_A_BATCH = frozenset({"b", "batch", "batchsize"})


def _own_name(one: Symbol) -> str:
    """The name of a size without what it is an attribute of."""
    return one.name.rpartition(".")[2]


LEAST_OF_A_WORD = 3


def _are_cut_short(one: str, other: str) -> bool:
    """Whether each word of two names is that of the other one, or begins it: `emb_dim`, `embed_dim`; `seq_len`."""
    pairs = list(zip(one.lower().split("_"), other.lower().split("_"), strict=False))
    if len(pairs) < 2 or one.count("_") != other.count("_"):
        return False
    return all(
        a == b or (min(len(a), len(b)) >= LEAST_OF_A_WORD and (a.startswith(b) or b.startswith(a))) for a, b in pairs
    )


def _are_initials(short: str, name: str) -> bool:
    """Whether a name is made of the first letters of another one's words: `h_d` of `head_dim`, `nH` of `num_heads`."""
    letters = short.replace("_", "").lower()
    return len(letters) > 1 and letters == "".join(word[:1] for word in name.lower().split("_"))


def _words(name: str) -> str:
    """A name without what is a matter of taste: `NumPriors`, `n_priors`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_").split("_")
    return "".join("n" if word in ("num", "nb", "nr") and len(words) > 1 else word for word in words)
