"""Sizes for all symbols of a function under which it can be run: several sets of them, apart from each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from shapelint.dims import Assumption, Dim, Facts, Relation, Symbol, const
from shapelint.interp.state.events import ClaimMet, Evidence

Sizes = dict[Symbol, int]
Pairs = Sequence[tuple[Dim, Dim]]

MOST_LINKED = 6
MOST_DRAWN = 4_000
ALWAYS = ((const(0), const(1)),)


def sizings(
    facts: Facts,
    symbols: Iterable[Symbol],
    wanted: Pairs = (),
    fixed: Mapping[Symbol, int] | None = None,
    count: int = 2,
) -> list[Sizes]:
    """Up to `count` sets of sizes that obey the facts; under each, one of the `wanted` pairs differs.

    The first has the `fixed` sizes as they are; every other one has another size for as many symbols as it can.
    """
    mention = list(dict.fromkeys(symbols))
    found: list[Sizes] = []
    first = _first(facts, mention, wanted, fixed or {})
    if first is None:
        return found
    found.append(first)
    while len(found) < count:
        other = _other(facts, mention, wanted, found)
        if other is None or other in found:
            break
        found.append(other)
    return found


def _first(facts: Facts, mention: list[Symbol], wanted: Pairs, fixed: Mapping[Symbol, int]) -> Sizes | None:
    bound = facts
    for symbol, size in fixed.items():
        bound = bound.equal(symbol.dim, size)
    for known, pairs in ((bound, wanted or ALWAYS), (bound, ALWAYS)):
        if known.contradictory:
            break
        found = known.witness(pairs, mention=mention)
        if found is not None:
            return {**found, **fixed}
    if fixed:  # too much to search: the sizes that are fixed, and those that the facts connect with them
        few = facts.witness(wanted or ALWAYS, mention=[symbol for symbol in mention if symbol in fixed])
        if few is not None:
            other = facts.witness(ALWAYS, mention=mention) or {}
            rest = {symbol: other.get(symbol) or facts.value_of(symbol.dim) or 2 for symbol in mention}
            return {**rest, **few, **fixed}
    return facts.witness(ALWAYS, mention=mention) or drawn(facts, mention, fixed)


def _other(facts: Facts, mention: list[Symbol], wanted: Pairs, found: Sequence[Sizes]) -> Sizes | None:
    """Sizes that differ from those found before: all of them if that can be, else those that no fact ties down."""
    tied: set[Symbol] = set()
    for assumption in facts:
        tied |= assumption.symbols
    loose = [symbol for symbol in mention if symbol not in tied]
    for varied in (mention, loose):
        bound = facts
        for symbol in varied:
            for sizes in found:
                if symbol in sizes and symbol.free:
                    apart = bound.unequal(symbol.dim, sizes[symbol])
                    bound = bound if apart.contradictory else apart
        other = bound.witness(wanted or ALWAYS, mention=mention)
        if other is not None:
            return other
    return None


def drawn(facts: Facts, mention: Sequence[Symbol], fixed: Mapping[Symbol, int]) -> Sizes | None:
    """Sizes found by drawing lots, where the search gives up: divisions and products of large numbers."""
    relevant = _connected(facts, mention)
    constants = sorted({abs(c) for each in relevant for side in (each.left, each.right) for c in side.terms.values()})
    values = sorted({2, 3, 4, 5, 8, 16, 32, 64, *(c * k for c in constants if 1 < c < 4096 for k in (1, 2, 4, 7))})
    lots = Random(0)
    symbols = [*dict.fromkeys([*mention, *(symbol for each in relevant for symbol in each.symbols)])]
    order = sorted(symbols, key=lambda symbol: symbol.order)
    rules = [each for each in relevant if each.relation is Relation.EQUAL and each.left.as_symbol is not None]
    for _ in range(MOST_DRAWN):
        sizes: Sizes = {symbol: lots.choice(values) for symbol in order}
        sizes.update(fixed)
        try:
            for _turn in range(3):
                for rule in rules:
                    assert rule.left.as_symbol is not None
                    sizes[rule.left.as_symbol] = rule.right.evaluate(sizes)
            if all(each.holds(sizes) for each in relevant) and all(size > 0 for size in sizes.values()):
                return sizes
        except (LookupError, ZeroDivisionError):
            continue
    return None


def _connected(facts: Facts, mention: Sequence[Symbol]) -> list[Assumption]:
    symbols, left = set(mention), list(facts)
    found: list[Assumption] = []
    while True:
        now = [each for each in left if not each.symbols.isdisjoint(symbols)]
        if not now:
            return found
        found += now
        left = [each for each in left if each.symbols.isdisjoint(symbols)]
        symbols.update(*(each.symbols for each in now))


def linked(facts: Facts, evidence: Evidence, symbols: Iterable[Symbol], wanted: Pairs = ()) -> list[Sizes]:
    """Sizes for code whose needs are not known, tried where others fail: a dim of an input is as large as a parameter
    of the constructor (features stand last, channels second), or all that can be equal is equal."""
    mention = list(dict.fromkeys(symbols))
    found: list[Sizes] = []
    built = [] if evidence.constructor is None else list(evidence.constructor.inputs.values())
    widths = [size for value in built for size in sizes_in(value) if size.as_symbol is not None]
    axes = [axis for value in evidence.inputs.values() for axis in _axes_of(value)]
    for axis in dict.fromkeys(axes):
        for width in dict.fromkeys(widths):
            if axis is width or len(found) >= MOST_LINKED:
                continue
            bound = facts.equal(axis, width)
            sizes = None if bound.contradictory else bound.witness(wanted or ALWAYS, mention=mention)
            if sizes is not None and sizes not in found:
                found.append(sizes)
    bound = facts
    free = [symbol for symbol in mention if symbol.free]
    for symbol in free[1:]:
        equal = bound.equal(free[0].dim, symbol.dim)
        bound = bound if equal.contradictory else equal
    sizes = bound.witness(wanted or ALWAYS, mention=mention)
    return [*found, sizes] if sizes is not None and sizes not in found else found


def _axes_of(value: object) -> Iterable[Dim]:
    """The last dim of a tensor, and the one of its channels."""
    from shapelint.ops.tensor import Tensor

    if isinstance(value, Tensor):
        if value.shape.known and value.shape.rank > 1:
            yield value.shape.dims[-1]
            yield value.shape.dims[1]
        elif value.shape.back:
            yield value.shape.back[-1]


def symbols_of(evidence: Evidence, more: Iterable[Dim] = ()) -> list[Symbol]:
    """Every symbol that an input or a claim of a function mentions, and what is known of its inputs' attributes."""
    found: dict[Symbol, None] = {}

    def add(size: Dim) -> None:
        found.update(dict.fromkeys(sorted(size.symbols, key=lambda symbol: symbol.order)))

    scopes = [evidence] if evidence.constructor is None else [evidence.constructor, evidence]
    for scope in scopes:
        for value in scope.inputs.values():
            for size in sizes_in(value):
                add(size)
        for assumption in scope.facts:  # those that speak of other functions have no say here
            for symbol in sorted(assumption.symbols, key=lambda symbol: symbol.order):
                if symbol.name.partition(".")[0] in scope.inputs and "." in symbol.name:
                    found.setdefault(symbol, None)
        for event in scope.events:
            if isinstance(event, ClaimMet):
                for given in event.given:
                    for size in given.shape.seen() if given.shape is not None else ():
                        add(size)
    for size in more:
        add(size)
    return [symbol for symbol in found if symbol.meaning is None]


def sizes_in(value: object) -> Iterable[Dim]:
    """The sizes in an abstract value."""
    from shapelint.interp.state.values import Choice
    from shapelint.ops.tensor import Tensor

    if isinstance(value, Dim):
        yield value
    elif isinstance(value, Tensor):
        yield from value.shape.seen()
    elif isinstance(value, tuple):
        for item in value:
            yield from sizes_in(item)
    elif isinstance(value, Choice):
        for item in value.values:
            yield from sizes_in(item)
