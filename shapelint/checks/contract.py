"""The inferred contract of each function and module: what it takes, needs and gives, in the author's names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from shapelint.dims import Assumption, Dim, Relation, Symbol, dim, polynomial_quotient, symbol
from shapelint.dims.atoms import Quotient
from shapelint.interp.events import Evidence, Needed
from shapelint.interp.values import Choice, SizesOf, Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape

PLACES = {1: "N", 2: "B N", 3: "B N D", 4: "B C H W", 5: "B C D H W"}
"""What the dims of an input are called that the author gives no name, by the number of dims."""

MORE_NAMES = (*"NMKLSTPQRIJUVXYZ",)
ANY = "?"


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
    names = _Names(evidence)
    takes = {name: names.taken(value) for name, value in evidence.inputs.items() if name not in ("self", "cls")}
    is_class = evidence.name.endswith(".__init__")
    gives = None if is_class else names.given(evidence.result)
    needs = tuple(dict.fromkeys(_needs(evidence, names, around)))
    known = {one for value in evidence.inputs.values() for one in _symbols(value)}
    words = set(re.findall(r"[A-Za-z_][\w.]*", " ".join([*filter(None, takes.values()), gives or "", *needs])))
    where = dict(_definitions(evidence, names, around, known, words))
    name = evidence.name.removesuffix(".__init__")
    return Contract(name, evidence.line, takes, gives, needs, where, evidence.limit)


class _Names:
    """How sizes are written: as the author names them; what has no name there gets a letter that is not taken."""

    def __init__(self, evidence: Evidence) -> None:
        self.facts = evidence.facts
        self.letters: dict[Symbol, Dim] = {}
        self.equal = dict(_unnamed_that_equal(evidence))
        self.taken_names = {symbol.name for symbol in _all_symbols(evidence)}
        for value in evidence.inputs.values():
            for shape in _shapes(value):
                self._name_dims(shape)

    def _name_dims(self, shape: Shape) -> None:
        letters = PLACES.get(shape.least_rank, "").split() if shape.known else []
        for place, size in enumerate(shape.seen()):
            known = self._known(size)
            if known.as_symbol is not None and not _has_name(known.as_symbol):
                self._name(known.as_symbol, letters[place] if place < len(letters) else "")

    def _name(self, unnamed: Symbol, wish: str = "") -> Dim:
        if unnamed not in self.letters:
            free = (name for name in (wish, *MORE_NAMES) if name and name not in self.taken_names)
            name = next(free, f"n{len(self.letters) + 1}")
            self.taken_names.add(name)
            self.letters[unnamed] = symbol(name, scope=-unnamed.order - 1)
        return self.letters[unnamed]

    def size(self, size: Dim) -> Dim:
        """A size in names that a reader knows."""
        size = self._known(size)
        renamed = {one: self._name(one) for one in sorted(size.symbols, key=lambda s: s.order) if not _has_name(one)}
        return size.subs(renamed) if renamed else size

    def _known(self, size: Dim) -> Dim:
        """A size by what is known of the symbols in it that have no name."""
        if all(map(_has_name, size.symbols)):
            return size
        return self.facts.normalize(size.subs({one: self.equal[one] for one in size.symbols if one in self.equal}))

    def shape(self, shape: Shape) -> str:
        """A shape in names that a reader knows; one of which nothing is known is no news."""
        return ANY if not shape.known and not shape.least_rank else str(shape.map(self.size))

    def taken(self, value: Value) -> str | None:
        """What a parameter has to be; None where nothing is known of it."""
        if isinstance(value, (Tensor, Choice, tuple)):
            text = self.given(value)
            return None if text == ANY else text
        return None

    def given(self, value: Value) -> str:
        """What a function returns."""
        if isinstance(value, Tensor):
            return self.shape(value.shape)
        if isinstance(value, SizesOf):
            return self.shape(value.shape)
        if isinstance(value, Dim):
            return str(self.size(value))
        if isinstance(value, Choice):
            parts = list(dict.fromkeys(self.given(one) for one in value.values))
            return " or ".join(parts)
        if isinstance(value, tuple):
            inner = ", ".join(self.given(one) for one in value)
            return f"[{inner}]" if all(isinstance(one, Dim) for one in value) else inner
        return "None" if value is None else repr(value) if isinstance(value, (bool, str, float)) else ANY


def _has_name(one: Symbol) -> bool:
    return one.name.strip("_") != ""


def _shapes(value: Value) -> Iterator[Shape]:
    if isinstance(value, Tensor):
        yield value.shape
    elif isinstance(value, (tuple, Choice)):
        for part in value.values if isinstance(value, Choice) else value:
            yield from _shapes(part)


def _symbols(value: Value) -> set[Symbol]:
    if isinstance(value, Dim):
        return set(value.symbols)
    if isinstance(value, Unknown):
        return set()
    return {one for shape in _shapes(value) for size in shape.seen() for one in size.symbols}


def _all_symbols(evidence: Evidence) -> set[Symbol]:
    found = {one for value in (*evidence.inputs.values(), evidence.result) for one in _symbols(value)}
    return found.union(*(assumption.symbols for assumption in evidence.facts))


def _unnamed_that_equal(evidence: Evidence) -> Iterator[tuple[Symbol, Dim]]:
    """The symbols without a name that are known to equal a size made of names."""
    pairs = [(event.left, event.right) for event in evidence.events if isinstance(event, Needed)]
    pairs += [(fact.left, fact.right) for fact in evidence.facts if fact.relation is Relation.EQUAL]
    for left, right in pairs:
        for one, other in ((left, right), (right, left)):
            unnamed = one.as_symbol
            if unnamed is not None and not _has_name(unnamed) and all(map(_has_name, other.symbols)):
                yield unnamed, other


def _needs(evidence: Evidence, names: _Names, around: set[Assumption]) -> Iterator[str]:
    """What must hold for the function to run, beside what its inputs' shapes say already."""
    needed: set[tuple[Dim, Dim]] = set()
    for event in evidence.events:
        if isinstance(event, Needed):
            needed.add((event.left, event.right))
            if not event.conditional:
                yield from _equality(names.size(event.left), names.size(event.right))
    before = around.union(evidence.constructor.facts if evidence.constructor is not None else ())
    for assumption in evidence.facts:
        left, right = names.size(assumption.left), names.size(assumption.right)
        if assumption in before or left is right or not all(map(_has_name, assumption.symbols)):
            continue
        if assumption.relation is Relation.DIVIDES:
            yield _division(left, right)
        elif assumption.relation is not Relation.EQUAL:
            yield f"{left} {assumption.relation.value} {right}"
        elif (assumption.left, assumption.right) not in needed and not _defines(assumption.left, assumption.right):
            yield from _equality(left, right)


def _equality(left: Dim, right: Dim) -> Iterator[str]:
    """An equality without what stands on both sides, and as divisions that come out where it says no more."""
    for one in sorted(left.symbols & right.symbols, key=lambda s: s.name):
        while len(left.sorted_terms) == len(right.sorted_terms) == 1:
            shorter, other = polynomial_quotient(left, dim(one)), polynomial_quotient(right, dim(one))
            if shorter is None or other is None:
                break
            left, right = shorter, other
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
    evidence: Evidence, names: _Names, around: set[Assumption], known: set[Symbol], words: set[str]
) -> Iterator[tuple[str, str]]:
    """What the names mean that stand in the contract and are not those of its inputs or numbers."""
    for assumption in evidence.facts:
        left = assumption.left.as_symbol
        if assumption in around or assumption.relation is not Relation.EQUAL:
            continue
        if left is None or left in known or left.name not in words:
            continue
        if _has_name(left) and _defines(assumption.left, assumption.right) and str(assumption.right) != left.name:
            yield left.name, str(names.size(assumption.right))
