"""A claim that is right where a caller leaves parameters as they are by default."""

from __future__ import annotations

from shapelint.checks.verdicts.exactness import exact_divisions
from shapelint.checks.verdicts.matching import Match, Problem
from shapelint.dims import Dim, Facts, Symbol, const
from shapelint.interp.state.apart import without_common_factors
from shapelint.interp.state.events import ClaimedDim, Evidence
from shapelint.interp.state.ground import size_told


def holds_by_default(match: Match | None, evidence: Evidence) -> bool:
    """Whether a claim is wrong only where it has what a parameter is if no caller gives another: its number, or the
    size that stands in its place."""
    if match is None or match.problem not in (Problem.DIMS, None) or match.shape is None:
        return False
    said = [(match.shape.dims[index], size) for index, size in match.wrong]
    return bool(said) and all(
        dim.size is not None
        and (
            dim.size in _by_default(size, evidence)
            or size in _stood_in_for(dim.size, evidence)
            or any(_fits(dim, one, evidence.facts) for one in _stood_in_for(size, evidence))
            or _is_one_by_default(dim, dim.size, size, evidence)
        )
        for dim, size in said
    )


def _fits(dim: ClaimedDim, size: Dim, facts: Facts) -> bool:
    """Whether a size is the claimed one, or is where its divisions come out: `heads * (width // heads)`."""
    return dim.size is not None and (facts.is_equal(dim.size, size) or bool(exact_divisions(dim, size, facts)))


def _is_one_by_default(dim: ClaimedDim, own: Dim, size: Dim, evidence: Evidence) -> bool:
    """Whether what the code gives becomes what is said of it where each parameter is its default, or the other way
    round where the code has a number. Two parameters that are alike by default are two."""
    defaults = {one.as_symbol: const(number) for one, number in evidence.defaults.items() if one.as_symbol is not None}
    if size.value is not None:
        return own.symbols <= defaults.keys() and own.subs(_of(own, defaults)).value == size.value
    if own.symbols & defaults.keys():
        own, size = without_common_factors(own, evidence.facts.resolved(size))
    if own.symbols & defaults.keys() or size.as_symbol is not None:
        return False
    given = size.subs(_of(size, defaults))
    return given is own or _fits(dim, given, evidence.facts)


def _of(size: Dim, defaults: dict[Symbol, Dim]) -> dict[Symbol, Dim]:
    return {one: number for one, number in defaults.items() if one in size.symbols}


def _by_default(size: Dim, evidence: Evidence) -> set[Dim]:
    """What a size may be where a caller leaves everything as it is by default."""
    stood_in = _stood_in_for(size, evidence)
    return stood_in | {const(evidence.defaults[one]) for one in (size, *stood_in) if one in evidence.defaults}


def _stood_in_for(size: Dim, evidence: Evidence, deep: int = 3) -> set[Dim]:
    """What a size is where something stands in the place of what a caller may give."""
    found: set[Dim] = set()
    for one in size.symbols & evidence.used.keys() if deep else ():
        for told in map(size_told, evidence.used[one].first.instead):
            if told is not None and one not in told.symbols:
                stands = size.subs({one: told})
                found |= {stands, *_stood_in_for(stands, evidence, deep - 1)}
    return found
