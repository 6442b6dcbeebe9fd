"""Whether an operation equates two names that the author keeps apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from shapelint.dims import Dim, Facts, dim, polynomial_quotient

Groups: TypeAlias = Mapping[Dim, set[str]]
"""The places at which the author gives each size a name (or a dim of its own in a comment)."""


def names_kept_apart(left: Dim, right: Dim, facts: Facts, groups: Groups) -> tuple[Dim, Dim] | None:
    """The two sizes whose equality `left == right` comes down to, where the author names both at one place; else None.

    Kept apart are two axes of one tensor, two names of one docstring or comment, two parameters of one signature.
    """
    first, second = _without_common_factors(left, right)
    if _apart(first, second, groups):
        return (first, second) if str(first) <= str(second) else (second, first)
    difference = _primitive(facts.normalize(left) - facts.normalize(right))
    symbols = sorted(difference.symbols, key=lambda s: s.name)
    if len(symbols) != 2:
        return None
    first, second = (dim(symbol) for symbol in symbols)
    if difference is not first - second and difference is not second - first:
        return None
    return (first, second) if _apart(first, second, groups) else None


def _apart(first: Dim, second: Dim, groups: Groups) -> bool:
    if first is second or not groups.get(first, set()) & groups.get(second, set()):
        return False
    if any(symbol.name == "_" or "[" in symbol.name for size in (first, second) for symbol in size.symbols):
        return False
    a, b = first.as_symbol, second.as_symbol
    return a is None or b is None or a.name != b.name  # who gives one name to two sizes takes them to be equal


def _without_common_factors(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    for symbol in sorted(left.symbols & right.symbols, key=lambda s: s.name):
        a, b = polynomial_quotient(left, dim(symbol)), polynomial_quotient(right, dim(symbol))
        while a is not None and b is not None:
            left, right = a, b
            a, b = polynomial_quotient(left, dim(symbol)), polynomial_quotient(right, dim(symbol))
    return left, right


def _primitive(difference: Dim) -> Dim:
    for symbol in sorted(difference.symbols, key=lambda s: s.name):
        quotient = polynomial_quotient(difference, dim(symbol))
        while quotient is not None:
            difference = quotient
            quotient = polynomial_quotient(difference, dim(symbol))
    return difference
