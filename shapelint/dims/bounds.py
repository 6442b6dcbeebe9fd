"""Bounds of a size by interval reasoning: from the least values of its atoms and from assumed inequalities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import gcd

from shapelint.dims.atoms import Extremum, Quotient
from shapelint.dims.expr import CACHE_BUDGET, Dim, const, from_terms
from shapelint.dims.samples import NO_USE, Interval, Sample, least_sampled, samples, still_obeying
from shapelint.dims.symbols import Atom, Monomial, Symbol

_MAX_STEPS = 3
_MOST_WEIGHT = 80
_MOST_TERMS = 24


class Bounds:
    """Computes bounds under some known limits of atoms and some sizes known to be 0 or more; caches what it found."""

    __slots__ = (
        "_above",
        "_atoms",
        "_cut",
        "_least",
        "_limited",
        "_lower",
        "_opaque",
        "_pending",
        "_samples",
        "limits",
        "nonnegative",
    )

    def __init__(self, limits: Mapping[Atom, Interval], nonnegative: Sequence[Dim]) -> None:
        self.limits = limits
        self.nonnegative = nonnegative
        self._limited: frozenset[Symbol] = frozenset().union(
            *(atom.symbols for atom in limits), *(known.symbols for known in nonnegative)
        )
        self._opaque = any(atom.opaque for atom in limits) or any(known.opaque for known in nonnegative)
        self._lower: dict[tuple[Dim, int], int | None] = {}
        self._atoms: dict[Atom, Interval] = {}
        self._above: dict[Dim, Mapping[Monomial, int]] = {}  # of what is known to be 0 or more
        self._samples: list[Sample] | None = None
        self._least: dict[Dim, int | None] = {}  # of the samples
        self._pending: set[Dim] = set()
        self._cut = 0  # how often a bound was asked for while it was being found

    def forget(self) -> None:
        """Drop what was found so far."""
        for found in (self._lower, self._atoms, self._above, self._least):
            found.clear()
        self._samples = None

    def also(self, d: Dim) -> Bounds:
        """The bounds where this size is known to be 0 or more as well."""
        twin = Bounds(self.limits, (*self.nonnegative, d))
        if self._samples is not None:
            twin._samples = still_obeying(self._samples, d, twin.nonnegative)
        return twin

    def interval(self, d: Dim) -> Interval:
        """Inclusive lower and upper bound; None where there is none."""
        if d.value is not None:
            return d.value, d.value
        return self.lower(d), self.upper(d)

    def upper(self, d: Dim) -> int | None:
        """An upper bound of `d`, or None."""
        least = self.lower(-d)
        return None if least is None else -least

    def lower(self, d: Dim, steps: int = _MAX_STEPS) -> int | None:
        """A lower bound of `d`, or None. `steps` bounds how many relations may be used in a row."""
        if d.value is not None:
            return d.value
        if self._untouched(d):
            if self is not UNCONDITIONAL:  # which keeps what it found, whatever is assumed later
                return UNCONDITIONAL.lower(d, steps)
            decided, least = _plain_lower(d)
            if decided:
                return least
        key = (d, steps)
        if key in self._lower:
            return self._lower[key]
        if d in self._pending:  # asked again while it is being found: claim nothing
            self._cut += 1
            return None
        self._pending.add(d)
        try:
            result = self._find_lower(d, steps)
        finally:
            self._pending.discard(d)
        if len(self._lower) > CACHE_BUDGET:
            self._lower.clear()
        self._lower[key] = result
        return result

    def _find_lower(self, d: Dim, steps: int) -> int | None:
        above = self._above_least(d)
        wanting = None if above is None else self._wanting(above)
        plain = above.get((), 0) if above is not None and not wanting else None
        best = greatest_of(plain, self._summed(d))
        if steps <= 0 or len(d.terms) > _MOST_TERMS or d.weight > _MOST_WEIGHT:
            return best
        if best is not None and best >= 1:
            return best
        reached = self._least_sampled(d)
        if reached is not None and reached < NO_USE:
            return best
        for smaller, divisor in self._weaker(d, wanting if best is None else None):
            if best is not None and reached is not None and best >= reached:
                return best
            found = self.lower(smaller, steps - 1)
            if found is None:
                continue
            if divisor.value is not None:
                found = -(-found // divisor.value)
            elif found > 0:  # divisor * d > 0 and divisor >= 1
                found = 1
            best = greatest_of(best, found)
        return best

    def _weaker(self, d: Dim, wanting: Mapping[Monomial, int] | None) -> Iterator[tuple[Dim, Dim]]:
        """Pairs (e, k) with k >= 1 and k*d >= e, each by one relation between atoms.

        Where terms of `d` are `wanting` a bound, a size known to be 0 or more must take away from one of them.
        """
        for atom in sorted(d.atoms, key=lambda atom: -atom.order):
            if isinstance(atom, Quotient):
                k = atom.denominator
                if not self.is_positive(k):
                    continue
                factor, rest = split(d, atom)
                if self.is_nonnegative(-factor):  # k*q <= n
                    yield rest * k + factor * atom.numerator, k
                elif self.is_nonnegative(factor):  # k*q >= n - k + 1
                    yield rest * k + factor * (atom.numerator - k + 1), k
            elif isinstance(atom, Extremum):
                factor, rest = split(d, atom)
                sign = factor if atom.greatest else -factor
                if self.is_nonnegative(sign):
                    yield from ((rest + factor * part, const(1)) for part in atom.parts)
        for known in self.nonnegative:
            if _takes_away(known.terms, d.terms) if wanting is None else self._helps(known, wanting):
                yield d - known, const(1)

    def _helps(self, known: Dim, wanting: Mapping[Monomial, int]) -> bool:
        """Subtracting `known` takes away some of a term that has no bound."""
        above = self._above.get(known)
        if above is None:
            above = self._above[known] = self._above_least(known) or known.terms
        return _takes_away(above, wanting)

    def is_nonnegative(self, d: Dim) -> bool:
        """d >= 0 is known from the signs of its terms alone."""
        return self.is_at_least(d, 0, 0)

    def is_positive(self, d: Dim) -> bool:
        """d >= 1 is known."""
        return self.is_at_least(d, 1, 1)

    def is_at_least(self, d: Dim, least: int, steps: int = _MAX_STEPS) -> bool:
        """d >= least is known; some sizes are tried first: where they disprove it, no proof need be sought."""
        if d.value is not None:
            return d.value >= least
        sampled = self._least_sampled(d)
        if sampled is not None and sampled < least:
            return False
        found = self.lower(d, steps)
        return found is not None and found >= least

    def _least_sampled(self, d: Dim) -> int | None:
        if self is not UNCONDITIONAL and self._untouched(d):
            return UNCONDITIONAL._least_sampled(d)
        if d in self._least:
            return self._least[d]
        if self._samples is None:
            self._samples = samples(self.limits, self.nonnegative)
        if len(self._least) > CACHE_BUDGET:
            self._least.clear()
        found = self._least[d] = least_sampled(d, self._samples)
        return found

    def quotients_sampled(self, a: Dim, b: Dim) -> set[int]:
        """The quotients `a // b` for a few sizes: no bounds leave one alone where these are several."""
        if self is not UNCONDITIONAL and self._untouched(a) and self._untouched(b):
            return UNCONDITIONAL.quotients_sampled(a, b)
        if self._samples is None:
            self._samples = samples(self.limits, self.nonnegative)
        found: set[int] = set()
        try:
            for sample in self._samples:
                found.add(a.evaluate(sample) // b.evaluate(sample))
                if len(found) > 1:
                    break
        except (ArithmeticError, LookupError):
            return set()
        return found

    def _untouched(self, d: Dim | Atom) -> bool:
        """Nothing that is known here speaks of `d`."""
        return self._limited.isdisjoint(d.symbols) and not (self._opaque and d.opaque)

    def of_atom(self, atom: Atom) -> Interval:
        """The interval of one atom."""
        known = self.limits.get(atom)
        if isinstance(atom, Symbol):
            return (atom.minimum, None) if known is None else known
        if known is None and self is not UNCONDITIONAL and self._untouched(atom):
            return UNCONDITIONAL.of_atom(atom)
        found = self._atoms.get(atom)
        if found is None:
            cut = self._cut
            if isinstance(atom, Quotient):
                found = self._of_quotient(atom)
            elif isinstance(atom, Extremum):
                found = self._of_extremum(atom)
            else:
                found = (None, None)
            if known is not None:
                found = greatest_of(found[0], known[0]), least_of(found[1], known[1])
            if self._cut == cut:
                self._atoms[atom] = found
        return found

    def _of_quotient(self, atom: Quotient) -> Interval:
        k_low, k_high = self.interval(atom.denominator)
        if k_low is None or k_low < 1:
            return None, None
        low, high = self.lower(atom.numerator, 1), self.upper(atom.numerator)
        if low is not None:
            low = low // k_low if low < 0 else (0 if k_high is None else low // k_high)
        if high is not None:
            high = high // k_low if high >= 0 else (-1 if k_high is None else high // k_high)
        if (low == 0 or low is None) and self.lower(atom.numerator - atom.denominator, 1) in _NONNEGATIVE:
            low = 1
        return low, high

    def _of_extremum(self, atom: Extremum) -> Interval:
        intervals = [self.interval(part) for part in atom.parts]
        lows, highs = [low for low, _ in intervals], [high for _, high in intervals]
        if atom.greatest:
            return greatest_of(*lows), None if None in highs else greatest_of(*highs)
        return None if None in lows else least_of(*lows), least_of(*highs)

    def _above_least(self, d: Dim) -> dict[Monomial, int] | None:
        """The terms of `d` with each atom written as its least value, if it has one, plus what it is above that.

        None where there are too many of them.
        """
        if len(d.terms) > _MOST_TERMS or any(len(monomial) > 6 for monomial in d.terms):
            return None
        least = {atom: self.of_atom(atom)[0] for monomial in d.terms for atom in monomial}
        terms: dict[Monomial, int] = {}
        for monomial, coefficient in d.terms.items():
            for left, factor in _expand_shift(monomial, least):
                terms[left] = terms.get(left, 0) + coefficient * factor
        return terms

    def _wanting(self, above: Mapping[Monomial, int]) -> dict[Monomial, int]:
        """Those terms, of such as `_above_least` gives, that may be as low as one likes."""
        return {
            monomial: coefficient
            for monomial, coefficient in above.items()
            if monomial and coefficient and (coefficient < 0 or any(self.of_atom(atom)[0] is None for atom in monomial))
        }

    def _summed(self, d: Dim) -> int | None:
        """The sum of the lower bounds of the terms."""
        total = 0
        for monomial, coefficient in d.terms.items():
            low, high = 1, 1
            bounded_low: int | None = low
            bounded_high: int | None = high
            for atom in monomial:
                bounded_low, bounded_high = _times((bounded_low, bounded_high), self.of_atom(atom))
            bound = bounded_low if coefficient > 0 else bounded_high
            if bound is None:
                return None
            total += coefficient * bound
        return total


def _plain_lower(d: Dim) -> tuple[bool, int | None]:
    """(True, lower bound) where signs alone decide it: symbols only, all least values 0 or more, nothing assumed."""
    total = 0
    negative, linear = False, True
    for monomial, coefficient in d.terms.items():
        least = coefficient
        for atom in monomial:
            if type(atom) is not Symbol or atom.minimum < 0:
                return False, None
            least *= atom.minimum
        if monomial and coefficient < 0:
            negative = True
        linear = linear and len(monomial) < 2
        total += least
    if negative:
        return linear, None
    return True, total


class _Nonnegative:
    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and value >= 0


_NONNEGATIVE = _Nonnegative()


def _takes_away(known: Mapping[Monomial, int], terms: Mapping[Monomial, int]) -> bool:
    """Whether some term of `known` has the sign of that of `terms`."""
    return any(coefficient * known.get(monomial, 0) > 0 for monomial, coefficient in terms.items() if monomial)


def _expand_shift(monomial: Monomial, least: Mapping[Atom, int | None]) -> list[tuple[Monomial, int]]:
    parts: list[tuple[Monomial, int]] = [((), 1)]
    for atom in monomial:
        low = least[atom]
        grown = [((*left, atom), factor) for left, factor in parts]
        parts = grown + [(left, factor * low) for left, factor in parts] if low else grown
    return parts


def _times(a: Interval, b: Interval) -> Interval:
    (a_low, a_high), (b_low, b_high) = a, b
    if a_low is not None and b_low is not None and a_low >= 0 and b_low >= 0:
        return a_low * b_low, None if a_high is None or b_high is None else a_high * b_high
    if a_low is None or a_high is None or b_low is None or b_high is None:
        return None, None
    ends = [x * y for x in (a_low, a_high) for y in (b_low, b_high)]
    return min(ends), max(ends)


def greatest_of(*values: int | None) -> int | None:
    """The greatest of those that are not None."""
    known = [value for value in values if value is not None]
    return max(known) if known else None


def least_of(*values: int | None) -> int | None:
    """The least of those that are not None."""
    known = [value for value in values if value is not None]
    return min(known) if known else None


def split(d: Dim, atom: Atom) -> tuple[Dim, Dim]:
    """(factor, rest) with d == factor*atom + rest; `factor` holds `atom` still where its power is above 1."""
    factor: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for monomial, coefficient in d.terms.items():
        if atom in monomial:
            at = monomial.index(atom)
            factor[monomial[:at] + monomial[at + 1 :]] = coefficient
        else:
            rest[monomial] = coefficient
    return from_terms(factor), from_terms(rest)


def content(d: Dim) -> tuple[int, Monomial]:
    """The greatest int and monomial that divide every term of `d`; (0, ()) of 0."""
    number = 0
    shared: Monomial | None = None
    for monomial, coefficient in d.terms.items():
        number = gcd(number, coefficient)
        shared = monomial if shared is None else _shared(shared, monomial)
    return number, shared or ()


def _shared(a: Monomial, b: Monomial) -> Monomial:
    rest = list(b)
    kept = []
    for atom in a:
        if atom in rest:
            rest.remove(atom)
            kept.append(atom)
    return tuple(kept)


UNCONDITIONAL = Bounds({}, ())
