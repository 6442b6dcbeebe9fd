"""A stricter, less readable normal form: equal divisions by a number, maxima and minima become one."""

from __future__ import annotations

from functools import lru_cache

from shapelint.dims.atoms import Extremum, Quotient
from shapelint.dims.expr import ZERO, Dim, const, from_terms
from shapelint.dims.extrema import maximum

_MOST_SHIFTS = 6
_MOST_TERMS = 40


@lru_cache(maxsize=1 << 13)
def rigorous(d: Dim) -> Dim:
    """`d` rewritten so that more equal sizes are one; used to compare, not to print."""
    if len(d.terms) > _MOST_TERMS or all(type(atom) not in (Quotient, Extremum) for atom in d.atoms):
        return d
    result = ZERO
    for monomial, coefficient in d.terms.items():
        term = const(coefficient)
        for atom in monomial:
            if isinstance(atom, Quotient):
                term = term * _quotient(rigorous(atom.numerator), rigorous(atom.denominator))
            elif isinstance(atom, Extremum) and len(atom.parts) == 2:
                term = term * _extremum(atom.greatest, rigorous(atom.parts[0]), rigorous(atom.parts[1]))
            else:
                term = term * atom.dim
        result = result + term
    return result


def _quotient(a: Dim, b: Dim) -> Dim:
    if b.value is None or b.value <= 0 or len(a.terms) > _MOST_TERMS:
        return a // b
    k = b.value
    terms = {}
    whole = {}
    for monomial, coefficient in a.terms.items():  # all coefficients from 0 to k-1
        times, left = divmod(coefficient, k)
        if times:
            whole[monomial] = times
        if left:
            terms[monomial] = left
    rest = from_terms(terms)
    for monomial, coefficient in rest.sorted_terms:
        if monomial and coefficient * 2 != k:
            if coefficient * 2 > k:  # n//k == -((k - 1 - n)//k): of n and -n one
                flipped = k - 1 - rest
                return from_terms(whole) - _quotient(flipped, b)
            break
    return from_terms(whole) + _shifted(rest, k)


def _shifted(n: Dim, k: int) -> Dim:
    """n//k, with (m+k-1)//k written by m//k, ..., (m+k-2)//k, since these k quotients add up to m."""
    if n.constant != k - 1 or not 2 <= k <= _MOST_SHIFTS:
        return n // k
    m = n - n.constant
    result = m
    for shift in range(k - 1):
        result = result - (m + shift) // k
    return result


def _extremum(greatest: bool, a: Dim, b: Dim) -> Dim:
    """max(a, b) == b + max(a-b, 0), min(a, b) == a - max(a-b, 0), and of max(d, 0) and max(-d, 0) one."""
    positive = _positive_part(a - b)
    return b + positive if greatest else a - positive


def _positive_part(d: Dim) -> Dim:
    if d.value is not None:
        return const(max(d.value, 0))
    if d.sorted_terms[0][1] < 0:
        return d + _positive_part(-d)
    return maximum(d, ZERO)
