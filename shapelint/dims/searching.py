"""The search for sizes itself: values for the sizes that follow from no others, tried in turn within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from shapelint.dims.assumption import Assumption, Relation
from shapelint.dims.atoms import Opaque, quotients
from shapelint.dims.bounds import greatest_of
from shapelint.dims.expr import Dim, from_terms
from shapelint.dims.solved import UNBOUNDED, Solved
from shapelint.dims.symbols import Atom, Symbol

_PRIMES = (2, 3, 5, 7, 11, 13)
_SMALL = (2, 4, 3, 6, 8)
_LARGE = (24, 35, 64, 48, 90)
_UNKNOWN = (1, 2, 12)  # what all unknown ints are taken to be in turn, besides different values for each
Check = Callable[["Sizes"], bool]


class _Stage(NamedTuple):
    """How values are tried: no size of 1, so many for each size, so many in all, large images of small patches."""

    without_ones: bool
    width: int
    tries: int
    scaled: bool


_STAGES = (
    _Stage(True, 3, 150, scaled=False),
    _Stage(True, 3, 150, scaled=True),
    _Stage(True, 5, 600, scaled=False),
    _Stage(False, 3, 300, scaled=True),
    _Stage(False, 60, 400, scaled=False),
)


class Sizes(dict[Any, int]):
    """Sizes of the independent atoms; what depends on them is computed when asked for."""

    def __init__(self, solved: Solved) -> None:
        super().__init__()
        self.solved = solved
        self._following: dict[Atom, int] = {}  # what others come to, until one of these has another size

    def __missing__(self, atom: Atom) -> int:
        size = self._following.get(atom)
        if size is None:
            reduced = self.solved.reduce(atom.dim)
            if reduced is atom.dim:
                raise KeyError(atom)
            size = self._following[atom] = reduced.evaluate(self)
        return size

    def choose(self, atom: Atom, size: int | None) -> None:
        """Take another size of an independent atom, or none."""
        self._following.clear()
        if size is None:
            self.pop(atom, None)
        else:
            self[atom] = size


def is_independent(solved: Solved, atom: Atom) -> bool:
    """Whether a caller chooses an atom's size, whatever else there is."""
    return isinstance(atom, Symbol) and atom.free and atom not in solved.tainted


def _opaque_atoms(d: Dim, found: set[Atom]) -> None:
    if d.opaque:
        for atom in d.atoms:
            if isinstance(atom, Opaque):
                found.add(atom)
            for part in atom.inner:
                _opaque_atoms(part, found)


def _ints(d: Dim, found: set[int]) -> None:
    found.update(abs(coefficient) for coefficient in d.terms.values())
    for atom in d.atoms:
        for part in atom.inner:
            _ints(part, found)


class Search:
    """A search in which what nobody chooses is taken first, and the caller's choice must do whatever that is.

    `of_any` where it is enough that some values of either do: what most assumptions speak of is taken first then.
    """

    def __init__(
        self,
        solved: Solved,
        relevant: list[Assumption],
        goals: list[tuple[Dim, Dim]],
        wanted: set[Symbol],
        *,
        of_any: bool = False,
    ) -> None:
        self.solved, self.wanted, self.relevant = solved, wanted, relevant
        self.goals = [goal for goal, _ in goals]  # judged as they were asked, not as rules have rewritten them
        support: set[Atom] = set()
        dims = [solved.reduce(symbol.dim) for symbol in wanted] + [reduced for _, reduced in goals]
        dims += [solved.reduce(side) for each in relevant for side in (each.left, each.right)]
        for d in dims:
            support |= d.symbols
            _opaque_atoms(d, support)
        for left, right in solved.products.items():
            if any(atom in support for atom in left):
                support |= from_terms({left: 1}).symbols | right.symbols
        support -= solved.rules.keys()  # these follow from the others
        aims = frozenset().union(*(reduced.symbols for _, reduced in goals))
        self.variables = sorted(support, key=lambda atom: (is_independent(solved, atom), atom in aims, atom.order))
        self.fixed = [atom for atom in self.variables if not is_independent(solved, atom)]
        if of_any:
            spoken_of = [set().union(*(solved.reduce(one.dim).symbols for one in each.symbols)) for each in relevant]
            self.variables.sort(key=lambda atom: -sum(atom in symbols for symbols in spoken_of))
            self.fixed = []
        self.results = self._results()
        self.partners = _partners(self.variables)
        self.products: dict[Atom, list[tuple[Dim, Dim]]] = {}  # that hold an atom once: what else they hold, and are
        for left, right in solved.products.items():
            for atom in left:
                if left.count(atom) == 1:
                    others = from_terms({tuple(part for part in left if part is not atom): 1})
                    self.products.setdefault(atom, []).append((others, right))
        self.constants = self._interesting_constants()
        ints: set[int] = set()
        for goal in self.goals:
            _ints(goal, ints)
        self.patterns = (0, *_UNKNOWN, *sorted(ints - {0, *_UNKNOWN})[:2])
        self.stage = _STAGES[0]
        quotients_known = [atom.dim for atom in solved.rules if not isinstance(atom, Symbol)]
        self.divided = _divided([*dims, *quotients_known]) & support
        self.checks: list[list[Check]] = []
        self.usual: dict[tuple[int, int, tuple[int, ...]], list[int]] = {}  # the values to try, in this stage
        self.tries = 0

    def run(self) -> dict[Symbol, int] | None:
        """Sizes without a 1 where possible, since a 1 is too special to convince; few plain values are tried first."""
        for self.stage in _STAGES:
            if self.stage.scaled and not self.divided:
                continue
            self.checks, self.usual = self._checks(), {}
            found = self._run()
            if found is not None:
                return found
        return None

    def _run(self) -> dict[Symbol, int] | None:
        """Whatever the unknown values are (a few are tried), the caller's choice must make a goal differ."""
        best: Sizes | None = None
        for pattern in self.patterns if self.fixed else (0,):
            self.tries = 0
            feasible, sizes = self._by_choice(pattern)
            if feasible and sizes is None:
                return None
            best = sizes if best is None else best
        if best is None:
            return None
        try:
            found = {symbol: best[symbol] for symbol in sorted(self.wanted, key=lambda symbol: symbol.order)}
            return found if all(each.holds(best) for each in self.relevant) else None
        except (LookupError, ZeroDivisionError):
            return None

    def _by_choice(self, pattern: int) -> tuple[bool, Sizes | None]:
        """(some sizes obey the assumptions, such sizes that reach a goal) for the first unknown values that do."""
        chosen, end = len(self.fixed), len(self.variables)
        for unknown in self._assign(Sizes(self.solved), 0, chosen, pattern):
            feasible = False
            for sizes in self._assign(unknown, chosen, end, pattern):
                feasible = True
                if self._reaches_goal(sizes):
                    return True, sizes
            if feasible:
                return True, None
        return False, None

    def _reaches_goal(self, sizes: Sizes) -> bool:
        for goal in self.goals:
            try:
                if goal.evaluate(sizes):
                    return True
            except (ZeroDivisionError, LookupError):
                continue
        return False

    def _results(self) -> dict[Atom, tuple[Atom, Dim, int]]:
        """The sizes that come out of a division, as `H` of `(W - 3)//2 == H - 1`: they are taken after what goes in.

        Each with the division, what else is with the size on the other side, and the sign of the size there.
        """
        results: dict[Atom, tuple[Atom, Dim, int]] = {}
        place = {atom: at for at, atom in enumerate(self.variables)}
        for atom, right in self.solved.rules.items():
            if (
                isinstance(atom, Symbol | Opaque)
                or not atom.symbols <= place.keys()
                or not right.symbols <= place.keys()
            ):
                continue
            for monomial, sign in right.terms.items():
                rest = right - from_terms({monomial: sign})
                if len(monomial) != 1 or abs(sign) != 1 or monomial[0] in results:
                    continue
                size = monomial[0]
                inputs = atom.symbols | rest.symbols
                if size in inputs or not is_independent(self.solved, size) or any(one in results for one in inputs):
                    continue
                results[size] = atom, rest, sign
                break
        self.variables.sort(key=lambda atom: atom in results)
        return results

    def _interesting_constants(self) -> list[int]:
        found: set[int] = set()
        for each in self.relevant:
            for side in (each.left, each.right):
                found |= {abs(c) for m, c in side.terms.items() if not m or abs(c) > 1}
        for right in self.solved.products.values():
            if right.value is not None and 0 < right.value < 10**7:
                found |= {d for d in range(2, 65) if right.value % d == 0}
                found.add(right.value)
        return sorted(c for c in found if c < 10**7)[:24]

    def _checks(self) -> list[list[Check]]:
        """For each variable in order: what must hold as soon as it has a value."""
        place = {atom: at for at, atom in enumerate(self.variables)}
        checks: list[list[Check]] = [[] for _ in self.variables]

        def when_known(d: Dim, check: Check) -> None:
            needed: set[Atom] = set(d.symbols)
            _opaque_atoms(d, needed)
            at = max((place[atom] for atom in needed if atom in place), default=-1)
            if at >= 0:
                checks[at].append(check)

        for symbol in sorted(self.wanted, key=lambda symbol: symbol.order):
            right = self.solved.rules.get(symbol)
            if right is not None and right.value is None:
                when_known(
                    right, _minimum_check(symbol, max(symbol.minimum, 2) if self.stage.without_ones else symbol.minimum)
                )
        for atom, right in self.solved.rules.items():
            if not isinstance(atom, Symbol | Opaque) and atom.symbols <= set(place):
                when_known(right + atom.dim, _rule_check(atom, right))
        in_products = {symbol for left in self.solved.products for atom in left for symbol in atom.symbols}
        for each in self.relevant:
            follows = each.relation is Relation.EQUAL and in_products.isdisjoint(each.symbols)
            if follows and self.solved.reduce(each.left) is self.solved.reduce(each.right):
                continue  # a size that is made of the others
            needed: set[Atom] = set()
            for size in (each.left, each.right, *(original.dim for original in each.symbols)):
                reduced = self.solved.reduce(size)
                needed |= reduced.symbols
                _opaque_atoms(reduced, needed)
                _opaque_atoms(size, needed)
            at = max((place[atom] for atom in needed if atom in place), default=len(place) - 1)
            if at >= 0:
                checks[at].append(each.holds)
        return checks

    def _assign(self, sizes: Sizes, at: int, end: int, pattern: int) -> Iterator[Sizes]:
        if at == end:
            yield sizes
            return
        atom = self.variables[at]
        for value in self._candidates(atom, at, sizes, pattern):
            self.tries += 1
            if self.tries > self.stage.tries:
                return
            sizes.choose(atom, value)
            if self._obeys(sizes, at):
                yield from self._assign(sizes, at + 1, end, pattern)
        sizes.choose(atom, None)

    def _obeys(self, sizes: Sizes, at: int) -> bool:
        try:
            return all(check(sizes) for check in self.checks[at])
        except (ZeroDivisionError, LookupError):
            return False

    def _candidates(self, atom: Atom, at: int, sizes: Sizes, pattern: int) -> list[int]:
        forced = self._forced(atom, sizes)
        if forced is not None:
            return forced
        likely = _evaluated(self.partners.get(atom, ()), sizes)
        key = (at, pattern, likely)
        found = self.usual.get(key)
        if found is None:
            found = self.usual[key] = self._usual(atom, at, likely, pattern)
        return found

    def _usual(self, atom: Atom, at: int, likely: tuple[int, ...], pattern: int) -> list[int]:
        """What to try for an atom that may have any value within its bounds."""
        low, high = self.solved.bounds.of_atom(atom)
        least = 1 if low is None or low == UNBOUNDED else low
        turn = at % len(_PRIMES)
        if likely:
            first: tuple[int, ...] = (*likely, *_SMALL)
        elif atom in self.fixed and pattern:
            first = (pattern,)
        elif self.stage.scaled and atom in self.divided:
            first = _LARGE[at % 3 :] + _LARGE[: at % 3]
        elif self.stage.scaled:
            first = ((3, 2, 4) if at % 2 else (2, 3, 4)) if self.stage.without_ones else (2, 1, 3)
        elif self.stage.width == len(_SMALL):
            first = _SMALL
        else:
            first = _PRIMES[turn:] + _PRIMES[:turn]
        values = [value for value in (*first, *range(1 if pattern else 2, 17)) if value >= least]
        if least > 2:
            values = [least + value for value in (0, *first)] + values
        values += [c + step for c in self.constants for step in (0, 1, -1)]
        values += [2 * c for c in self.constants]
        if high is not None:
            values += [high, high - 1]
        values += [1, 0, 17, 19, 23, 24, 32, 36, 48, 64]
        if low is None or low < 0:
            values += [-1, -2, -3]
        if self.stage.without_ones and low != high and not (pattern and atom in self.fixed):
            low = greatest_of(low, 2)
        fitting = (v for v in dict.fromkeys(values) if (low is None or v >= low) and (high is None or v <= high))
        return list(islice(fitting, self.stage.width))

    def _forced(self, atom: Atom, sizes: Sizes) -> list[int] | None:
        """The only value left where a product that is known holds `atom` and all else in it has a value."""
        for others, right in self.products.get(atom, ()):
            try:
                whole, part = right.evaluate(sizes), others.evaluate(sizes)
            except (LookupError, ZeroDivisionError):
                continue
            low, _ = self.solved.bounds.of_atom(atom)
            if part == 0 or whole % part or (low is not None and whole // part < low):
                return []
            return [whole // part]
        if atom in self.results:
            division, rest, sign = self.results[atom]
            try:
                size = sign * (division.evaluated(sizes) - rest.evaluate(sizes))
            except (LookupError, ZeroDivisionError):
                return None
            return [size] if size >= (2 if self.stage.without_ones else 1) else []
        return None


def _divided(dims: Sequence[Dim]) -> set[Symbol]:
    """The symbols that are divided, and by which nothing is: the height of an image, not of its patch or a kernel."""
    divided: set[Symbol] = set()
    others: set[Symbol] = set()
    for quotient in dict.fromkeys(quotient for d in dims for quotient in quotients(d)):
        others |= quotient.denominator.symbols
        for monomial, coefficient in quotient.numerator.terms.items():
            for atom in monomial:
                if isinstance(atom, Symbol):
                    (divided if coefficient > 0 and len(monomial) == 1 else others).add(atom)
    return divided - others


def _partners(variables: Sequence[Atom]) -> dict[Atom, tuple[Dim, ...]]:
    """What sizes may well be: a value that is made of others is one of them, and these are mostly equal."""
    found: dict[Atom, tuple[Dim, ...]] = {}
    for atom in variables:
        if not isinstance(atom, Opaque):
            continue
        found[atom] = (*found.get(atom, ()), *atom.inner)
        for part in atom.inner:
            symbol = part.as_symbol
            if symbol is not None:
                found[symbol] = (*found.get(symbol, ()), *(other for other in atom.inner if other is not part))
    return found


def _evaluated(dims: Sequence[Dim], sizes: Sizes) -> tuple[int, ...]:
    """The values of those that have one already, the greatest first."""
    values = set()
    for each in dims:
        try:
            values.add(each.evaluate(sizes))
        except (LookupError, ZeroDivisionError):
            continue
    return tuple(sorted(values, reverse=True))


def _rule_check(atom: Atom, right: Dim) -> Check:
    return lambda sizes: atom.evaluated(sizes) == right.evaluate(sizes)


def _minimum_check(symbol: Symbol, least: int) -> Check:
    return lambda sizes: sizes[symbol] >= least
