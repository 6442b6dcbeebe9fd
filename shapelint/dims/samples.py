"""Sizes tried before a bound is sought: what one of them disproves need not be reasoned about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.dims.expr import Dim
from shapelint.dims.symbols import Atom, Remembering, Symbol

Interval = tuple["int | None", "int | None"]

_ABOVE = (
    (0,),
    (1, 0, 40, 3, 7, 0, 200),
    (9, 60, 0, 2, 0, 31, 1, 5, 0, 900, 0),
    (0, 2, 300, 0, 1, 17, 0, 4, 6, 0, 90, 0, 1),
    (9_000_011, 700_001, 30_000_001, 2_000_003, 400_009),
    (600_011, 20_000_003, 8_000_009, 300_007, 90_000_001, 1_000_003, 5_000_011),
)
"""How far each symbol is above its least value: rows of lengths that share no factor, so that two symbols rarely keep
the same order in all of them. The last rows are there for what has no least value at all."""

NO_USE = -100_000
"""A size that is less than this for some sample has no bound worth a search."""

_NO_LEAST = -(1 << 30)
_MOST_CHANGES = 30
_MOST_MISSING = 10**15  # squares of squares would have no end


class Sample(Remembering):
    """A size for every symbol, within the limits that are known of it."""

    def __init__(self, above: Sequence[int], limits: Mapping[Atom, Interval]) -> None:
        super().__init__()
        self._above, self.limits = above, limits

    def copy(self) -> Sample:
        """One of its own with the same sizes."""
        twin = Sample(self._above, self.limits)
        twin.update(self)
        return twin

    def __missing__(self, symbol: Atom) -> int:
        if not isinstance(symbol, Symbol):
            raise LookupError(symbol)
        size = self[symbol] = self._size_of(symbol)
        return size

    def _size_of(self, symbol: Symbol) -> int:
        above = self._above[symbol.order % len(self._above)]
        low, high = self.limits.get(symbol, (symbol.minimum, None))
        if low is None or low < _NO_LEAST:
            return above - 50 if high is None else high - above
        return low + above if high is None else min(low + above, high)

    def fit(self, nonnegative: Sequence[Dim]) -> None:
        """Raise symbols until each of `nonnegative` is 0 or more, as far as raising a few brings that about."""
        for _ in range(_MOST_CHANGES):
            missing = next(((known, value) for known in nonnegative if (value := known.evaluate(self)) < 0), None)
            if missing is None or missing[1] < -_MOST_MISSING or not self._raise(*missing):
                return

    def _raise(self, known: Dim, value: int) -> bool:
        """Raise the oldest symbol that makes `known`, which is now `value`, 0."""
        for symbol in sorted(known.symbols, key=lambda symbol: symbol.order):
            coefficient = known.terms.get((symbol,), 0)
            if coefficient > 0 and self.limits.get(symbol, (0, None))[1] is None:
                self[symbol] -= value // coefficient
                self.forget()
                return True
        return False


def still_obeying(among: Sequence[Sample], d: Dim, nonnegative: Sequence[Dim]) -> list[Sample]:
    """Those of the samples that make `d`, the last of `nonnegative`, 0 or more too, or can be made to."""
    kept = []
    for sample in among:
        try:
            obeys = d.evaluate(sample) >= 0
        except (ArithmeticError, LookupError):
            continue
        if obeys:
            kept.append(sample)
        elif _obeys(changed := sample.copy(), nonnegative):
            kept.append(changed)
    return kept


def samples(limits: Mapping[Atom, Interval], nonnegative: Sequence[Dim]) -> list[Sample]:
    """Those of a few rows of sizes that are within the limits and make every one of `nonnegative` 0 or more."""
    return [sample for above in _ABOVE if _obeys(sample := Sample(above, limits), nonnegative)]


def _obeys(sample: Sample, nonnegative: Sequence[Dim]) -> bool:
    try:
        sample.fit(nonnegative)
        if any(known.evaluate(sample) < 0 for known in nonnegative):
            return False
        for atom, (low, high) in sample.limits.items():
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
