"""Sizes that show a finding: which symbols are given one, and under which names a reader meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from shapelint.dims import Dim, Facts, Symbol, const
from shapelint.interp.state.events import Failed, Source


def symbols_of(sources: Iterable[Source], pair: tuple[Dim, Dim] | None) -> list[Symbol]:
    """The symbols of a pair of sizes, then those of the shapes that take part."""
    found: dict[Symbol, None] = {}
    for size in [*(pair or ()), *(size for source in sources for size in source.shape.seen())]:
        found.update(dict.fromkeys(sorted(size.symbols, key=lambda symbol: symbol.name)))
    return list(found)


def sizes_for(facts: Facts, symbols: list[Symbol]) -> dict[Symbol, int] | None:
    """Sizes for these symbols that obey all facts, None where none were found."""
    witness = facts.witness([(const(0), const(1))], mention=symbols)
    return None if witness is None else {symbol: witness[symbol] for symbol in symbols if symbol in witness}


def witness_of(event: Failed, facts: Facts) -> dict[Symbol, int] | None:
    """Sizes that obey all facts and under which an operation fails, None where none were found."""
    known = event.facts.also(facts)
    witness = sizes_for(known, symbols_of(event.sources, event.pair))
    if witness is None and event.pair is not None:  # of the sizes that do not fit alone, whatever the others are
        return sizes_for(known, symbols_of((), event.pair))
    return witness


def named(
    witness: Mapping[Symbol, int], name_of: Callable[[Symbol], str] = lambda symbol: symbol.name
) -> dict[str, int]:
    """A witness by the names that a reader knows; a second symbol of one name gets a prime.

    A size that nobody named is left out.
    """
    out: dict[str, int] = {}
    for symbol, size in witness.items():
        name = name_of(symbol)
        while name in out:
            name += "'"
        if not name.startswith("_"):
            out[name] = size
    return out
