"""Sizes tried before a bound is sought: what one of them disproves need not be reasoned about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.dims.expr import Atom, Dim, Symbol

Interval = tuple["int | None", "int | None"]

_ABOVE = (
    (0,),
    (1, 0, 40, 3, 7, 0, 200),
    (9, 60, 0, 2, 0, 31, 1, 5, 0, 900, 0),
    (0, 2, 300, 0, 1, 17, 0, 4, 6, 0, 90, 0, 1),
)
"""How far each symbol is above its least value: rows of lengths that share no factor, so that two symbols rarely keep
the same order in all of them."""

_NO_LEAST = -(1 << 30)


class Sample:
    """A size for every symbol, within the limits that are known of it."""

    __slots__ = ("_above", "_limits")

    def __init__(self, above: Sequence[int], limits: Mapping[Atom, Interval]) -> None:
        self._above, self._limits = above, limits

    def __getitem__(self, symbol: Symbol) -> int:
        if not isinstance(symbol, Symbol):
            raise LookupError(symbol)
        above = self._above[symbol.order % len(self._above)]
        low, high = self._limits.get(symbol, (symbol.minimum, None))
        if low is None or low < _NO_LEAST:
            return above - 50 if high is None else high - above
        return low + above if high is None else min(low + above, high)


def samples(limits: Mapping[Atom, Interval], nonnegative: Sequence[Dim]) -> list[Sample]:
    """Those of a few rows of sizes that are within the limits and make every one of `nonnegative` 0 or more."""
    return [sample for above in _ABOVE if _obeys(sample := Sample(above, limits), limits, nonnegative)]


def _obeys(sample: Sample, limits: Mapping[Atom, Interval], nonnegative: Sequence[Dim]) -> bool:
    try:
        if any(known.evaluate(sample) < 0 for known in nonnegative):
            return False
        for atom, (low, high) in limits.items():
            if not isinstance(atom, Symbol):
                value = atom.evaluated(sample)
                if (low is not None and value < low) or (high is not None and value > high):
                    return False
    except ArithmeticError:
        return False
    except LookupError:
        return False
    return True


def least_sampled(d: Dim, among: Sequence[Sample]) -> int | None:
    """The least that `d` is for some of these sizes: no lower bound is above it. None where it has no value."""
    least: int | None = None
    try:
        for sample in among:
            value = d.evaluate(sample)
            if least is None or value < least:
                least = value
    except (ArithmeticError, LookupError):
        return None
    return least
