"""The author's own words for sizes: `nh` where the code's name is `n_heads`, `P+1` where the comments define P."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shapelint.dims import Dim, Facts, Symbol, symbol
from shapelint.interp.state.events import ClaimedShape, ClaimMet, Evidence
from shapelint.notation.model import Name, Rest
from shapelint.shapes import SPREAD, Shape


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that the comments of a function use, each with the size it stands for, the nearest first."""

    words: tuple[tuple[str, Dim], ...] = ()
    facts: Facts = field(default_factory=Facts)
    renamed: Mapping[Symbol, Dim] = field(
        default_factory=dict
    )  # what the code calls sizes that a comment calls otherwise

    def size(self, size: Dim) -> str:
        """The size in the author's words, in the code's names where there are none for it."""
        if not size.symbols.isdisjoint(self.renamed):
            return str(size.subs(self.renamed))
        if not size.symbols or self._is_said(size):
            return str(size)
        for word, meaning in self.words:
            if self.facts.is_equal(size, meaning):
                return word
        for word, meaning in self.words:
            more = self.facts.value_of(size - meaning)
            if more is not None and abs(more) <= MOST_APART and not self._is_number(meaning):
                return f"{word}{more:+}"
        return str(size)

    def shape(self, shape: Shape) -> str:
        """The shape in the author's words."""
        if shape.run is None:
            sizes = [self.size(size) for size in shape.front]
            return "(" + ", ".join(sizes) + ("," if len(sizes) == 1 else "") + ")"
        sizes = [*map(self.size, shape.front), "...", *map(self.size, shape.back)]
        return "(" + ", ".join(sizes) + ")"

    def brief(self, shape: Shape) -> str:
        """The shape for people: a size that takes too long to say is `…`; the numbers of the witness speak for it."""
        front, back = (", ".join(self.brief_size(size) for size in sizes) for sizes in (shape.front, shape.back))
        if shape.run is not None:
            return "(" + ", ".join(part for part in (front, "...", back) if part) + ")"
        return f"({front}{',' if len(shape.front) == 1 else ''})"

    def brief_size(self, size: Dim) -> str:
        """The size in the author's words, `…` if these are too many, or there are none for it."""
        text = self.size(size)
        return TOO_LONG if len(text) > MOST_SAID or f"{SPREAD}(" in text else text

    def name(self, symbol: Symbol) -> str:
        """A symbol's name in the author's words, where these have a plain name for it."""
        word = self.size(symbol.dim)
        return word if word.isidentifier() else symbol.name

    def _is_said(self, size: Dim) -> bool:
        """Whether the comments themselves use the code's names for it."""
        return {symbol.name for symbol in size.symbols} <= {word for word, _ in self.words}

    def _is_number(self, size: Dim) -> bool:
        return self.facts.value_of(size) is not None


PLAIN = Wording()
"""The code's own names."""

MOST_SAID = 60
"""How long the text of a size may be in a sentence."""

TOO_LONG = "…"
"""What stands for one that is longer."""

MOST_APART = 4
"""`P+1` is a class token beside P patches; sizes that lie further apart have nothing to do with each other."""


def wording_of(evidence: Evidence, event: ClaimMet, held: ClaimedShape | None = None) -> Wording:
    """The words that a claim is answered in: its own, then those of the other claims, the latest before it first.

    Its own mean what they do in the shape that was `held` against the value.
    """
    claims = [each for each in evidence.events if isinstance(each, ClaimMet)]
    here = event.attached.at[0]
    claims.sort(key=lambda each: (each is not event, each.attached.at[0] > here, -each.attached.at[0]))
    facts = event.facts.also(evidence.facts)
    of_code = {one.name: one.dim for claim in claims for size in _given(claim) for one in size.symbols}
    words: dict[str, Dim] = {}
    for claim in claims:
        for shape in (held,) if claim is event and held is not None else claim.alternatives:
            for word, size in _words(shape):
                if word not in of_code or facts.is_equal(of_code[word], size):  # what else it means is wrong
                    words.setdefault(word, size)
    return Wording(tuple(words.items()), facts, _renamed(evidence, event))


def _renamed(evidence: Evidence, event: ClaimMet) -> Mapping[Symbol, Dim]:
    """The code's names for sizes, where it unpacks those of a comment in another order: `H` is what `C` was said to be.

    A comment that is held against the code's own row has these names already.
    """
    if any(given.named_at for given in event.given):
        return {}
    for row in evidence.unpacked:
        said = [size.as_symbol for size in row.sizes]
        names = [one.name for one in said if one is not None]
        if len(names) == len(row.names) == len({*names}) and names != [*row.names] and {*names} == {*row.names}:
            return {one: symbol(name, scope=-1) for one, name in zip(said, row.names, strict=True) if one is not None}
    return {}


def _given(claim: ClaimMet) -> Iterable[Dim]:
    return [size for given in claim.given if given.shape is not None for size in given.shape.seen()]


def _words(shape: ClaimedShape) -> Iterable[tuple[str, Dim]]:
    written = [item for item in shape.spec.items if not isinstance(item, Rest)]
    if len(written) != len(shape.dims):
        return
    for item, dim in zip(written, shape.dims, strict=True):
        if isinstance(item, Name) and item.text.isidentifier() and dim.size is not None and dim.size.symbols:
            yield item.text, dim.size
