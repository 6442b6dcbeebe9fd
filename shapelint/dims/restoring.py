"""Rewritten sizes back in the author's names: `D` for `nh*d`, `D//nh` for a symbol of the tool's own."""

from __future__ import annotations

from math import gcd
from typing import TypeAlias

from shapelint.dims.division import monomial_quotient
from shapelint.dims.expr import ONE, ZERO, Dim, const, from_terms
from shapelint.dims.rewriting import Rewriting
from shapelint.dims.symbols import Monomial, Symbol

Whole: TypeAlias = "tuple[Monomial, int, Dim]"  # a product, its coefficient, and the symbol that it is


def restored(rules: Rewriting, d: Dim) -> Dim:
    """`d` without the tool's own symbols, and with `D` for `nh*d` where a rule took `D` apart."""
    if d.value is not None or not rules.rules:
        return d
    found = rules.restored_sizes.get(d)
    if found is None:
        found = rules.restored_sizes[d] = _restore(rules, d)
    return found


def _restore(rules: Rewriting, d: Dim) -> Dim:
    whole = [
        (monomial, coefficient, atom.dim)
        for atom, right in rules.rules.items()
        if isinstance(atom, Symbol) and atom.meaning is None and len(right.terms) == 1
        for monomial, coefficient in right.terms.items()
        if monomial and (coefficient > 1 or len(monomial) > 1)
    ]
    whole.sort(key=lambda row: (-len(row[0]), -row[1]))
    result = ZERO
    for monomial, coefficient in d.terms.items():
        result = result + _restored_term(rules, monomial, coefficient, whole)
    return result


def _restored_term(rules: Rewriting, monomial: Monomial, coefficient: int, whole: list[Whole]) -> Dim:
    term = const(1)
    for left, factor, name in whole * 2:
        rest = monomial_quotient(monomial, left)
        if rest is not None and coefficient % factor == 0:
            monomial, coefficient, term = rest, coefficient // factor, term * name
    for left, factor, name in whole:
        unknown = tuple(a for a in monomial if isinstance(a, Symbol) and a.meaning is not None)
        missing = monomial_quotient(left, unknown) if unknown else None
        if missing is not None and not any(isinstance(a, Symbol) and a.meaning is not None for a in missing):
            number = gcd(coefficient, factor)
            kept = monomial_quotient(monomial, unknown)
            term = term * (name // from_terms({missing: factor // number}))
            monomial, coefficient = kept or ONE, coefficient // number
    term = term * coefficient
    for atom in monomial:
        if isinstance(atom, Symbol):
            term = term * (atom.dim if atom.meaning is None else restored(rules, atom.meaning))
        else:
            term = term * atom.rebuilt(lambda part: restored(rules, part))
    return term
