"""Maximum and minimum of sizes: what bounds decide is decided, what all parts share is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from shapelint.dims.atoms import Extremum, cut
from shapelint.dims.bounds import UNCONDITIONAL, Bounds, content
from shapelint.dims.expr import DEPTH_BUDGET, WEIGHT_BUDGET, ZERO, Dim, const, dim, from_terms, substitute
from shapelint.dims.symbols import Symbol, intern_atom


def maximum(*dims: Dim | int | Symbol) -> Dim:
    """The greatest of the sizes. Raises ValueError for none."""
    return extremum(True, [dim(part) for part in dims])


def minimum(*dims: Dim | int | Symbol) -> Dim:
    """The least of the sizes. Raises ValueError for none."""
    return extremum(False, [dim(part) for part in dims])


def extremum(greatest: bool, parts: Sequence[Dim], known: Bounds = UNCONDITIONAL) -> Dim:
    """The greatest or the least of `parts`, as far as `known` decides it. Raises ValueError for no parts."""
    if not parts:
        raise ValueError("the maximum or minimum of no sizes")
    flat = _flattened(greatest, parts)
    flat = _without_beaten(greatest, flat, known)
    if len(flat) == 1:
        return flat[0]
    shared = _shared_terms(flat)
    rest = sorted((part - shared for part in flat), key=_printing_order)
    if max(part.depth for part in rest) >= DEPTH_BUDGET or sum(part.weight for part in rest) > WEIGHT_BUDGET:
        return cut(const(4 if greatest else 5), *rest)
    if all((part.value is None and part.sorted_terms[0][1] < 0) or (part.value or 0) < 0 for part in rest):
        return shared - extremum(not greatest, [-part for part in rest], known)
    number = 0
    for part in rest:
        number = gcd(number, content(part)[0])
    rest = [from_terms({monomial: c // number for monomial, c in part.terms.items()}) for part in rest]
    return shared + number * intern_atom(Extremum, greatest, tuple(rest)).dim


def _flattened(greatest: bool, parts: Sequence[Dim]) -> list[Dim]:
    flat: dict[Dim, None] = {}
    for part in parts:
        inner = _as_extremum(part, greatest)
        for piece in (part,) if inner is None else inner:
            flat[piece] = None
    return list(flat)


def _as_extremum(d: Dim, greatest: bool) -> tuple[Dim, ...] | None:
    """The parts of `d` where it is one such extremum plus something."""
    for monomial, coefficient in d.terms.items():
        if coefficient == 1 and len(monomial) == 1:
            (atom,) = monomial
            if isinstance(atom, Extremum) and atom.greatest == greatest:
                rest = d - atom.dim
                return tuple(part + rest for part in atom.parts)
    return None


def _without_beaten(greatest: bool, parts: list[Dim], known: Bounds) -> list[Dim]:
    if len(parts) > 8:
        return parts
    kept: list[Dim] = []
    for part in parts:
        if any(_beats(other, part, greatest, known) for other in kept):
            continue
        kept = [other for other in kept if not _beats(part, other, greatest, known)]
        kept.append(part)
    return kept


def _beats(a: Dim, b: Dim, greatest: bool, known: Bounds) -> bool:
    least = known.lower(a - b if greatest else b - a, 2)
    return least is not None and least >= 0


def _shared_terms(parts: list[Dim]) -> Dim:
    first, *others = parts
    terms = {
        monomial: coefficient
        for monomial, coefficient in first.terms.items()
        if monomial and all(other.terms.get(monomial) == coefficient for other in others)
    }
    least = min(part.constant for part in parts)
    if least and all(part.value is None for part in parts):
        terms[()] = least
    return from_terms(terms) if terms else ZERO


def _printing_order(d: Dim) -> tuple[bool, list[tuple[int, tuple[int, ...], int]]]:
    rows = [(-len(monomial), tuple(atom.order for atom in monomial), -c) for monomial, c in d.sorted_terms]
    return d.value is not None, rows


def branches(d: Dim, most: int = 8) -> list[Dim]:
    """The size with each maximum and minimum in it replaced by each of its parts in turn; at most `most` of them."""
    atom = next((atom for atom in d.atoms if isinstance(atom, Extremum)), None)
    if atom is None:
        return [d]
    found: list[Dim] = []
    for part in atom.parts:
        if len(found) < most:
            found += branches(substitute(d, {atom: part}), most - len(found))
    return found
