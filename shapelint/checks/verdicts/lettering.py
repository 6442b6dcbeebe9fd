"""How sizes and shapes are written for people who ask for them: as the author names them, with letters for the rest."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.dims import Dim, Relation, Symbol, symbol
from shapelint.interp.state.events import Evidence, Needed
from shapelint.interp.state.values import Choice, Value
from shapelint.ops.rows import Many, Row, SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape

PLACES = {1: "N", 2: "B N", 3: "B N D", 4: "B C H W", 5: "B C D H W"}
"""What the dims of an input are called that the author gives no name, by the number of dims."""

MORE_NAMES = (*"NMKLSTPQRIJUVXYZ",)
ANY = "?"


class Names:
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
            if known.as_symbol is not None and not has_name(known.as_symbol):
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
        renamed = {one: self._name(one) for one in sorted(size.symbols, key=lambda s: s.order) if not has_name(one)}
        return size.subs(renamed) if renamed else size

    def _known(self, size: Dim) -> Dim:
        """A size by what is known of the symbols in it that have no name."""
        if all(map(has_name, size.symbols)):
            return size
        return self._named(self.facts.normalize(self._named(size)))

    def _named(self, size: Dim) -> Dim:
        return size.subs({one: self.equal[one] for one in size.symbols if one in self.equal})

    def shape(self, shape: Shape) -> str:
        """A shape in names that a reader knows; one of which nothing is known is no news."""
        return ANY if not shape.known and not shape.least_rank else str(shape.map(self.size))

    def taken(self, value: Value) -> str | None:
        """What a parameter has to be; None where nothing is known of it."""
        if isinstance(value, (Tensor, Choice, tuple, Row)):
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
        if isinstance(value, Row):
            each = [one for many in value.parts for one in (many.group if isinstance(many, Many) else (many,))]
            return f"list of {' or '.join(map(self.given, each))}"
        if isinstance(value, tuple):
            inner = ", ".join(self.given(one) for one in value)
            return f"[{inner}]" if all(isinstance(one, Dim) for one in value) else inner
        return "None" if value is None else repr(value) if isinstance(value, (bool, str, float)) else ANY


def has_name(one: Symbol) -> bool:
    """Whether somebody named a size."""
    return one.name.strip("_") != ""


def _shapes(value: Value) -> Iterator[Shape]:
    if isinstance(value, Tensor):
        yield value.shape
    elif isinstance(value, Row):
        for many in value.parts:
            yield from _shapes(many.group if isinstance(many, Many) else many)
    elif isinstance(value, (tuple, Choice)):
        for part in value.values if isinstance(value, Choice) else value:
            yield from _shapes(part)


def symbols_in(value: Value) -> set[Symbol]:
    """The symbols of the sizes in a value."""
    if isinstance(value, Dim):
        return set(value.symbols)
    if isinstance(value, Unknown):
        return set()
    return {one for shape in _shapes(value) for size in shape.seen() for one in size.symbols}


def _all_symbols(evidence: Evidence) -> set[Symbol]:
    found = {one for value in (*evidence.inputs.values(), evidence.result) for one in symbols_in(value)}
    return found.union(*(assumption.symbols for assumption in evidence.facts))


def _unnamed_that_equal(evidence: Evidence) -> Iterator[tuple[Symbol, Dim]]:
    """The symbols without a name that are known to equal a size made of names."""
    pairs = [(event.left, event.right) for event in evidence.events if isinstance(event, Needed)]
    pairs += [(fact.left, fact.right) for fact in evidence.facts if fact.relation is Relation.EQUAL]
    for left, right in pairs:
        for one, other in ((left, right), (right, left)):
            unnamed = one.as_symbol
            if unnamed is not None and not has_name(unnamed) and all(map(has_name, other.symbols)):
                yield unnamed, other
