"""The inferred contract of each function and module: what it takes, needs and gives, in the author's names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import gcd

from shapelint.checks.verdicts.lettering import Names, has_name, symbols_in
from shapelint.dims import Assumption, Dim, Relation, Symbol, dim, polynomial_quotient
from shapelint.dims.atoms import Quotient
from shapelint.interp.state.events import Evidence, Needed
from shapelint.interp.state.values import Value
from shapelint.ops.tensor import Unknown


@dataclass(frozen=True, slots=True)
class Contract:
    """`name(takes) -> gives needs ... where ...`; a class stands for its constructor and gives nothing."""

    name: str
    line: int
    takes: Mapping[str, str | None]
    gives: str | None
    needs: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    limit: str = ""

    def __str__(self) -> str:
        taken = ", ".join(name if shape is None else f"{name}: {shape}" for name, shape in self.takes.items())
        text = f"{self.name}({taken})"
        if self.gives is not None:
            text += f" -> {self.gives}"
        if self.needs:
            text += f" needs {', '.join(self.needs)}"
        if self.where:
            text += f" where {', '.join(f'{name} = {size}' for name, size in self.where.items())}"
        return text


def contracts(evidences: Iterable[Evidence]) -> Iterator[Contract]:
    """The contract of each function that was judged, in the order of the file; the program's own body has none."""
    evidences = list(evidences)
    around = {assumption for evidence in evidences if not evidence.name for assumption in evidence.facts}
    for evidence in sorted(evidences, key=lambda one: one.line):
        if evidence.name:
            yield _contract(evidence, around)


def _contract(evidence: Evidence, around: set[Assumption]) -> Contract:
    names = Names(evidence)
    takes = {name: names.taken(value) for name, value in evidence.inputs.items() if name not in ("self", "cls")}
    is_class = evidence.name.endswith(".__init__")
    gives = None if is_class else names.given(evidence.result)
    made_with = evidence.constructor.inputs.values() if evidence.constructor is not None else ()
    given = {one for value in (*made_with, *evidence.inputs.values()) for one in _sizes_of(value)}
    needs = tuple(dict.fromkeys(_needs(evidence, names, around, given)))
    words = set(re.findall(r"[A-Za-z_][\w.]*", " ".join([*filter(None, takes.values()), gives or "", *needs])))
    where = dict(_definitions(evidence, names, around, given, words))
    name = evidence.name.removesuffix(".__init__")
    return Contract(name, evidence.line, takes, gives, needs, where, evidence.limit)


def _needs(evidence: Evidence, names: Names, around: set[Assumption], given: set[Symbol]) -> Iterator[str]:
    """What must hold for the function to run, beside what its inputs' shapes say already.

    So must what a test asks of a size of an input, `if C != self.c: raise`.
    """
    needed: set[tuple[Dim, Dim]] = set()
    for event in evidence.events:
        if isinstance(event, Needed):
            needed.add((event.left, event.right))
            if not event.conditional:
                yield from _equality(names.size(event.left), names.size(event.right))
    before = around.union(evidence.constructor.facts if evidence.constructor is not None else ())
    for assumption in evidence.facts:
        left, right = names.size(assumption.left), names.size(assumption.right)
        if assumption in before or left is right or not all(map(has_name, assumption.symbols)):
            continue
        if assumption.relation in (Relation.EITHER, Relation.REACHES):
            continue
        if assumption.relation is Relation.AT_LEAST and evidence.facts.equality(assumption.left, assumption.right):
            continue  # that they are equal is told, and says more
        if assumption.relation is Relation.DIVIDES:
            yield _division(left, right)
        elif assumption.relation not in (Relation.EQUAL, Relation.FILLS):
            yield f"{left} {assumption.relation.value} {right}"
        elif (assumption.left, assumption.right) not in needed and (
            given.issuperset(assumption.symbols) or not _defines(assumption.left, assumption.right)
        ):
            yield from _equality(left, right)


def _sizes_of(value: Value) -> set[Symbol]:
    """The symbols of a value, or the one that an int goes by of which nothing but its name is known."""
    if isinstance(value, Unknown):
        return set() if value.size is None else set(value.size.symbols)
    return symbols_in(value)


def _equality(left: Dim, right: Dim) -> Iterator[str]:
    """An equality without what stands on both sides, and as divisions that come out where it says no more."""
    for one in sorted(left.symbols & right.symbols, key=lambda s: s.name):
        while len(left.sorted_terms) == len(right.sorted_terms) == 1:
            shorter, other = polynomial_quotient(left, dim(one)), polynomial_quotient(right, dim(one))
            if shorter is None or other is None:
                break
            left, right = shorter, other
    both = gcd(*left.terms.values(), *right.terms.values())
    if both > 1:
        left, right = left // both, right // both
    for whole, parts in ((left, right), (right, left)):
        divisions = list(_divisions(whole, parts))
        if divisions:
            yield from divisions
            return
    if str(left) != str(right):
        yield f"{left} == {right}"


def _divisions(whole: Dim, parts: Dim) -> Iterator[str]:
    """`H*W == ws**2*(H//ws)*(W//ws)` is `H % ws == 0` and `W % ws == 0`, since no `n//k*k` exceeds `n`."""
    found = []
    for atom in sorted(parts.atoms, key=lambda a: a.order):
        if not isinstance(atom, Quotient):
            continue
        rest = polynomial_quotient(whole, atom.numerator)
        others = polynomial_quotient(parts, atom.dim * atom.denominator)
        if rest is None or others is None:
            return
        whole, parts = rest, others
        found.append(_division(atom.denominator, atom.numerator))
    if whole is parts:
        yield from found


def _division(divisor: Dim, size: Dim) -> str:
    return f"{_factor(size)} % {_factor(divisor)} == 0"


def _factor(size: Dim) -> str:
    return str(size) if len(size.sorted_terms) == 1 and (size.as_symbol or size.value is not None) else f"({size})"


def _defines(left: Dim, right: Dim) -> bool:
    """Whether an equality says what a name of the code was given: the name is younger than all that it is made of."""
    return left.as_symbol is not None and all(left.as_symbol.order > one.order for one in right.symbols)


def _definitions(
    evidence: Evidence, names: Names, around: set[Assumption], given: set[Symbol], words: set[str]
) -> Iterator[tuple[str, str]]:
    """What the names mean that stand in the contract and are not those of its inputs or numbers."""
    for assumption in evidence.facts:
        left = assumption.left.as_symbol
        if assumption in around or assumption.relation is not Relation.EQUAL:
            continue
        if left is None or left in given or left.name not in words:
            continue
        size = str(names.size(assumption.right))
        if has_name(left) and _defines(assumption.left, assumption.right) and size != left.name:
            yield left.name, size
