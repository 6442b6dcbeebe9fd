"""Sizes that obey all assumptions and under which some size is not 0: what shows that a claim cannot hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shapelint.dims.assumption import Assumption
from shapelint.dims.expr import ZERO, Dim, from_terms
from shapelint.dims.searching import Search, is_independent
from shapelint.dims.solved import Solved
from shapelint.dims.symbols import Monomial, Symbol


def search(
    solved: Solved, assumptions: Sequence[Assumption], goals: Sequence[Dim], mention: Collection[Symbol]
) -> dict[Symbol, int] | None:
    """Sizes that obey the assumptions and under which one of `goals` is not 0 by the caller's own choice, or None.

    They are given for every symbol in the goals, in `mention` and in the assumptions that constrain those.
    """
    if solved.contradictory:
        return None
    open_goals, never = [], []
    for goal in goals:
        reduced = solved.reduce(goal)
        if reduced.value is None and solved.is_never_zero(reduced):
            never.append(goal)  # whatever it is, and whoever chooses it
        if not solved.is_zero(reduced) and _is_chosen(solved, reduced):
            open_goals.append((goal, reduced))
    if not open_goals:
        return search_any(solved, assumptions, never, mention) if never else None
    wanted = set(mention).union(*(goal.symbols for goal in goals))
    relevant = _connected(assumptions, wanted)
    return Search(solved, relevant, open_goals, wanted).run()


def search_any(
    solved: Solved, assumptions: Sequence[Assumption], goals: Sequence[Dim], mention: Collection[Symbol]
) -> dict[Symbol, int] | None:
    """Sizes that obey the assumptions and under which one of `goals` is not 0, whoever chooses them; or None."""
    open_goals = [(goal, reduced) for goal in goals if not solved.is_zero(reduced := solved.reduce(goal))]
    if solved.contradictory or not open_goals:
        return None
    wanted = set(mention).union(*(goal.symbols for goal in goals))
    return Search(solved, _connected(assumptions, wanted), open_goals, wanted, of_any=True).run()


def is_freely_varied(solved: Solved, goal: Dim) -> bool:
    """The choice of one symbol that no assumption limits makes the reduced `goal` differ from 0."""
    limited = solved.constrained
    for atom in goal.atoms:
        if isinstance(atom, Symbol) and is_independent(solved, atom) and atom not in limited:
            inside = any(other is not atom and atom in other.symbols for other in goal.atoms)
            if not inside and _leading_factor_is_nonzero(solved, goal, atom):
                return True
    return False


def _leading_factor_is_nonzero(solved: Solved, goal: Dim, symbol: Symbol) -> bool:
    """The coefficient of the highest power of `symbol` in `goal` is never 0."""
    highest = max(monomial.count(symbol) for monomial in goal.terms)
    terms: dict[Monomial, int] = {}
    for monomial, coefficient in goal.terms.items():
        if monomial.count(symbol) == highest:
            terms[tuple(atom for atom in monomial if atom is not symbol)] = coefficient
    return solved.is_never_zero(from_terms(terms))


def _is_chosen(solved: Solved, goal: Dim) -> bool:
    """Some part of `goal` that a caller chooses has a factor that is never 0, whatever is unknown."""
    if goal.value is not None:
        return True
    groups: dict[Monomial, Dim] = {}
    for monomial, coefficient in goal.terms.items():
        chosen = tuple(atom for atom in monomial if any(is_independent(solved, s) for s in atom.symbols))
        if chosen and not any(atom.opaque for atom in chosen):
            unknown = tuple(atom for atom in monomial if atom not in chosen)
            groups[chosen] = groups.get(chosen, ZERO) + from_terms({unknown: coefficient})
    return any(solved.is_never_zero(factor) for factor in groups.values())


def _connected(assumptions: Sequence[Assumption], symbols: set[Symbol]) -> list[Assumption]:
    """The assumptions that speak of `symbols`, or of symbols that such an assumption speaks of; grows `symbols`."""
    found: list[Assumption] = []
    left = list(assumptions)
    while True:
        now = [each for each in left if not each.symbols.isdisjoint(symbols)]
        if not now:
            return found
        found += now
        left = [each for each in left if each.symbols.isdisjoint(symbols)]
        for each in now:
            symbols |= each.symbols
