"""The atoms that are made of other sizes: floor divisions, maxima and minima, and values nothing is known of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from shapelint.dims.expr import DEPTH_BUDGET, WEIGHT_BUDGET, Dim, const
from shapelint.dims.symbols import Atom, Sizes, Symbol, intern_atom

CUT = "..."


class Quotient(Atom):
    """`numerator // denominator`, already reduced by the laws of division."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Dim, denominator: Dim) -> None:
        self.numerator, self.denominator = numerator, denominator
        self._register((numerator, denominator))

    def _key(self) -> tuple[Any, ...]:
        return self.numerator, self.denominator

    def rebuilt(self, change: Callable[[Dim], Dim]) -> Dim:
        return change(self.numerator) // change(self.denominator)

    def evaluated(self, env: Sizes) -> int:
        return self.numerator.evaluate(env) // self.denominator.evaluate(env)


def numerator_and_denominator(size: Dim) -> tuple[Dim, Dim]:
    """A size as the quotient that it is, where it is a product in which one stands; else the size over 1."""
    if len(size.terms) == 1:
        ((monomial, count),) = size.terms.items()
        quotients = [atom for atom in monomial if isinstance(atom, Quotient)]
        if len(quotients) == 1:
            others = const(count)
            for atom in monomial:
                others = others if atom is quotients[0] else others * atom.dim
            return others * quotients[0].numerator, quotients[0].denominator
    return size, const(1)


def as_fraction(size: Dim) -> tuple[Dim, Dim] | None:
    """A product as one fraction, as if all divisions in it came out; None of a sum."""
    if len(size.terms) != 1:
        return None
    ((monomial, count),) = size.terms.items()
    above, below = const(count), const(1)
    for atom in monomial:
        if isinstance(atom, Quotient):
            above, below = above * (atom.numerator - atom.numerator.constant), below * atom.denominator
        else:
            above *= atom.dim
    return above, below


def quotients(size: Dim) -> Iterator[Quotient]:
    """Every division that stands in a size, within another one, too."""
    stack = [size]
    while stack:
        for atom in stack.pop().atoms:
            if isinstance(atom, Quotient):
                yield atom
                stack += (atom.numerator, atom.denominator)


def divisions(size: Dim) -> list[tuple[Dim, Dim]]:
    """The divisions that stand in a size, each as its divisor and what it divides, without the number added to that.

    Where all of them are exact, `(n + 3)//4` is `n/4`.
    """
    found = [(atom.denominator, atom.numerator - atom.numerator.constant) for atom in quotients(size)]
    return list(dict.fromkeys(found))


def rounded_divisions(size: Dim) -> list[tuple[Dim, Dim]]:
    """Those of the divisions in a size before which a number is added, as in `(n + 3)//4`: they reckon with a rest."""
    return [
        (atom.denominator, atom.numerator - atom.numerator.constant)
        for atom in quotients(size)
        if atom.numerator.constant
    ]


class Extremum(Atom):
    """The greatest (`greatest`) or the least of some sizes."""

    __slots__ = ("greatest", "parts")

    def __init__(self, greatest: bool, parts: tuple[Dim, ...]) -> None:
        self.greatest, self.parts = greatest, parts
        self._register(parts)

    def _key(self) -> tuple[Any, ...]:
        return self.greatest, self.parts

    def rebuilt(self, change: Callable[[Dim], Dim]) -> Dim:
        from shapelint.dims.extrema import extremum

        return extremum(self.greatest, [change(part) for part in self.parts])

    def evaluated(self, env: Sizes) -> int:
        values = [part.evaluate(env) for part in self.parts]
        return max(values) if self.greatest else min(values)


class Opaque(Atom):
    """A value of which nothing is known but that equal labels and arguments give equal values."""

    __slots__ = ("args", "label")

    def __init__(self, label: str, args: tuple[Dim, ...], leaf_of: frozenset[Symbol] | None = None) -> None:
        self.label, self.args = label, args
        self._register(() if leaf_of is not None else args, leaf_of, opaque=True)

    def _key(self) -> tuple[Any, ...]:
        return self.label, self.args, *((self.symbols,) if self.label == CUT else ())

    def rebuilt(self, change: Callable[[Dim], Dim]) -> Dim:
        if self.label == CUT:  # too large to go through again: the changed value is another unknown
            names = [symbol.dim for symbol in sorted(self.symbols, key=lambda symbol: symbol.order)]
            changed = [change(name) for name in names]
            if changed == names:
                return self.dim
            left = frozenset[Symbol]().union(*(part.symbols for part in changed))  # what was replaced is gone for good
            return intern_atom(Opaque, CUT, (self.dim, *changed), left).dim
        return opaque(self.label, *(change(arg) for arg in self.args))

    def evaluated(self, env: Sizes) -> int:
        return env[self]


def opaque(label: str, *args: Dim) -> Dim:
    """A size of which nothing is known, identified by its label and arguments."""
    depth = max((arg.depth for arg in args), default=0)
    if depth >= DEPTH_BUDGET or sum(arg.weight for arg in args) > WEIGHT_BUDGET:
        return cut(const(len(label)), opaque(label), *args)
    return intern_atom(Opaque, label, args).dim


def cut(*args: Dim) -> Dim:
    """The opaque leaf that stands for an operation on `args` beyond the budgets."""
    leaf_of: frozenset[Symbol] = frozenset().union(*(arg.symbols for arg in args))
    return intern_atom(Opaque, CUT, args, leaf_of).dim
