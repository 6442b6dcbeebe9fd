"""Whether an operation equates two names that the author keeps apart."""

from __future__ import annotations

from shapelint.dims import Dim, Symbol, dim, polynomial_quotient
from shapelint.interp.events import Evidence, Needed


def equated_names(event: Needed, evidence: Evidence) -> tuple[Dim, Dim] | None:
    """The two sizes that an operation needs to be equal, where the author names both at one place; else None.

    Kept apart are two axes of one tensor, two names of one docstring or comment, two parameters of one signature.
    """
    difference = event.before.normalize(event.left) - event.before.normalize(event.right)
    for symbol in sorted(difference.symbols, key=lambda s: s.name):
        quotient = polynomial_quotient(difference, dim(symbol))
        while quotient is not None:
            difference = quotient
            quotient = polynomial_quotient(difference, dim(symbol))
    symbols = sorted(difference.symbols, key=lambda s: s.name)
    if len(symbols) != 2 or any(symbol.name == "_" or "[" in symbol.name for symbol in symbols):
        return None
    first, second = (dim(symbol) for symbol in symbols)
    if difference is not first - second and difference is not second - first:
        return None
    if symbols[0].name == symbols[1].name:
        return None  # who gives one name to two sizes takes them to be equal
    places = [_places(symbol, evidence) for symbol in symbols]
    return (first, second) if places[0] & places[1] else None


def _places(symbol: Symbol, evidence: Evidence) -> set[str]:
    return evidence.groups.get(symbol, set())
