"""Assumptions solved into rewriting rules: which atom is which size, which product, and what is left as bounds.

Divisibility `k | a` is solved as the equality `a == k*z` with a symbol `z` of the tool's own that means `a//k`, so
that ring laws alone then give `k*(a//k) == a`; `restoring` puts the author's names back.
"""

from __future__ import annotations

from math import gcd

from shapelint.dims.atoms import Extremum, Opaque, Quotient
from shapelint.dims.bounds import content, greatest_of, least_of, split
from shapelint.dims.division import divide_terms, monomial_quotient, polynomial_quotient
from shapelint.dims.expr import Dim, const, from_terms
from shapelint.dims.rewriting import Rewriting
from shapelint.dims.symbols import Atom, Monomial, Symbol, intern_atom

UNBOUNDED = -(1 << 40)
_STEP_BUDGET = 60


def hidden_quotient(a: Dim, k: Dim, minimum: int, free: bool) -> Symbol:
    """The tool's own symbol for `a//k` where that division is exact."""
    meaning = a // k
    name = str(meaning)
    found = intern_atom(Symbol, name, 0, free, minimum, meaning)
    assert isinstance(found, Symbol)
    return found


class Solved(Rewriting):
    """The rules and bounds that follow from a row of assumptions. Changed only by the `assume` methods."""

    def __init__(self, earlier: Solved | None = None) -> None:
        super().__init__(earlier)
        self._steps = 0

    def defining(self, atom: Symbol, value: Dim) -> Solved:
        """The same with a symbol that stands in no assumption so far defined as `value`: nothing else changes."""
        twin = Solved(self)
        twin.keep_cached(self, atom)
        right = self.reduce(value)
        twin.rules[atom] = right
        if right.opaque or any(not symbol.free or symbol in self.tainted for symbol in right.symbols):
            twin.tainted.add(atom)
        return twin

    def assume_zero(self, e: Dim, exact_division: bool = False) -> None:
        """Take `e` to be 0. `exact_division` says that it only defines a symbol of the tool's own."""
        pending = [(e, exact_division)]
        while pending and not self.contradictory:
            self._steps += 1
            if self._steps > _STEP_BUDGET:
                self.residual.extend(left for left, _ in pending)
                return
            self._solve(*pending.pop(), pending)

    def _solve(self, e: Dim, exact_division: bool, pending: list[tuple[Dim, bool]]) -> None:
        e = self._primitive(self.reduce(e))
        if e.value is not None:
            self.contradictory = self.contradictory or e.value != 0
            return
        if self.is_never_zero(e):
            self.contradictory = True
            return
        if not exact_division:
            self._taint(e)
            division = _exact_division(e)
            if division is not None:
                self.assume_divides(*division)
                return
        if len(e.terms) == 2 and abs(e.constant) == 1 and all(abs(c) == 1 for c in e.terms.values()):
            factors = {atom for monomial in e.terms for atom in monomial}
            if _degree(e) > 1 and all(self._is_positive(atom) for atom in factors):  # a product of 1 has factors 1
                pending.extend((atom.dim - 1, exact_division) for atom in factors)
                return
        atom = self._best_atom(e, free_first=exact_division)
        if atom is not None:
            if exact_division and not self._is_free(atom):  # what divides an unknown int is not for a caller to choose
                self.tainted |= e.symbols
            factor, rest = split(e, atom)
            self._add_rule(atom, rest if factor.value == -1 else -rest, pending)
            return
        if self._solve_with_factor(e, pending):
            return
        self._add_product(e, pending)

    def _primitive(self, e: Dim) -> Dim:
        """`e` without its common factors that cannot be 0."""
        if e.value is not None:
            return e
        number, shared = content(e)
        kept = tuple(atom for atom in shared if self._is_nonzero(atom))
        if number == 1 and not kept:
            return e
        return divide_terms(e, from_terms({kept: number}))[0]

    def _is_nonzero(self, atom: Atom) -> bool:
        low, high = self.bounds.of_atom(atom)
        return (low is not None and low > 0) or (high is not None and high < 0)

    def _is_positive(self, atom: Atom) -> bool:
        low = self.bounds.of_atom(atom)[0]
        return low is not None and low > 0

    def _taint(self, e: Dim) -> None:
        if e.opaque or any(not symbol.free or symbol in self.tainted for symbol in e.symbols):
            self.tainted |= e.symbols

    def _is_free(self, atom: Atom) -> bool:
        return isinstance(atom, Symbol) and atom.free and atom not in self.tainted

    def _best_atom(self, e: Dim, free_first: bool) -> Atom | None:
        """The atom to eliminate: opaque before what no caller chooses before the latest symbol before the rest.

        Of a division only (`free_first`), what a caller chooses goes first: an unknown int stays unknown.
        """
        best: tuple[tuple[int, int], Atom] | None = None
        for monomial, coefficient in e.terms.items():
            if len(monomial) != 1 or coefficient not in (1, -1):
                continue
            (atom,) = monomial
            if isinstance(atom, Opaque):
                rank = 0
            elif isinstance(atom, Symbol):
                rank = (0 if free_first else 2) if self._is_free(atom) else 1
            else:
                rank = 3
            key = (rank, -atom.order)
            if (best is None or key < best[0]) and not _occurs(atom, e):
                best = (key, atom)
        return None if best is None else best[1]

    def _add_rule(self, atom: Atom, right: Dim, pending: list[tuple[Dim, bool]]) -> None:
        low, high = self.bounds.of_atom(atom)
        self.limits.pop(atom, None)
        for left, old in list(self.rules.items()):
            if _inside(atom, left):
                del self.rules[left]
                pending.append((left.dim - old, True))
        self.rules[atom] = right
        for product, old in list(self.products.items()):
            if any(part is atom or _inside(atom, part) for part in product) or _mentions(atom, old):
                del self.products[product]
                pending.append((from_terms({product: 1}) - old, True))
        self.refresh()
        for left, old in self.rules.items():
            if left is not atom and _mentions(atom, old):
                self.rules[left] = self.reduce(old)
        self.refresh()
        pending.extend((e, True) for e in self.residual if _mentions(atom, e))
        self.residual = [e for e in self.residual if not _mentions(atom, e)]
        self._renew_bounds()
        if low is not None and low != UNBOUNDED:
            self.assume_nonnegative(self.reduce(right) - low)
        if high is not None:
            self.assume_nonnegative(high - self.reduce(right))

    def _renew_bounds(self) -> None:
        """Rewrite what is known to be 0 or more, and not 0, by the rules of now."""
        rewritten = [e for e in self.nonnegative if self.reduce(e) is not e]
        nonzero = [e for e in self.nonzero if self.reduce(e) is not e]
        if rewritten:
            self.nonnegative = [e for e in self.nonnegative if e not in rewritten]
            self.refresh()
        self.nonzero = [e for e in self.nonzero if e not in nonzero]
        for e in rewritten:
            self.assume_nonnegative(e)
        for e in nonzero:
            self.assume_nonzero(e)

    def _solve_with_factor(self, e: Dim, pending: list[tuple[Dim, bool]]) -> bool:
        """c*x + rest == 0 with abs(c) > 1: c divides the rest; once that is solved, x follows."""
        for monomial, coefficient in sorted(e.terms.items(), key=lambda term: abs(term[1])):
            if len(monomial) == 1 and not _occurs(monomial[0], e):
                rest = e - from_terms({monomial: coefficient})
                before = len(self.rules)
                self.assume_divides(const(abs(coefficient)), rest)
                if len(self.rules) > before:
                    pending.append((e, True))
                    return True
        return False

    def _add_product(self, e: Dim, pending: list[tuple[Dim, bool]]) -> None:
        left = max(e.terms, key=_elimination_key)
        coefficient = e.terms[left]
        if coefficient not in (1, -1) or len(left) < 2:
            self.residual.append(e)
            return
        rest = from_terms({monomial: c for monomial, c in e.terms.items() if monomial != left})
        right = rest if coefficient == -1 else -rest
        for other, old in list(self.products.items()):
            if monomial_quotient(other, left) is not None:
                del self.products[other]
                pending.append((from_terms({other: 1}) - old, True))
            elif len(self.products) < 6:
                shared = content(from_terms({left: 1, other: 1}))[1]
                if shared:  # both rules apply to the least common multiple: their results are equal
                    a, b = monomial_quotient(left, shared), monomial_quotient(other, shared)
                    if a is not None and b is not None:
                        pending.append((from_terms({b: 1}) * right - from_terms({a: 1}) * old, True))
        self.products[left] = right
        self.refresh()
        for atom, old in self.rules.items():
            self.rules[atom] = self.reduce(old)
        self._renew_bounds()

    def assume_divides(self, k: Dim, a: Dim) -> None:
        """Take `k`, which is not 0, to divide `a`."""
        k, a = self.reduce(k), self.reduce(a)
        if k.value == 0:
            self.contradictory = True
            return
        rest = divide_terms(a, k)[1]
        if k.value is not None:
            g = content(rest)[0]
            shared = gcd(g, k.value)
            rest, k = divide_terms(rest, const(g))[0] if g > 1 else rest, const(abs(k.value) // shared if g else 1)
            rest = _balanced(rest, k.value or 1)
        if rest.value == 0 or k.value == 1 or self.reduce(self.divide(rest, k) * k) is rest:
            return
        if rest.value is not None and k.value is not None:
            self.contradictory = self.contradictory or rest.value % k.value != 0
            return
        if rest.value in (1, -1) and self.bounds.is_positive(k):
            self.assume_zero(k - 1)  # nothing else divides 1
            return
        if len(rest.terms) == 1 and len(k.terms) == 1:
            shared_atoms = content(rest + k)[1] if rest is not -k else ()
            kept = tuple(atom for atom in shared_atoms if self._is_nonzero(atom))
            if kept:
                common = from_terms({kept: 1})
                self.assume_divides(divide_terms(k, common)[0], divide_terms(rest, common)[0])
                return
        least = 1 if self.bounds.is_positive(rest) and self.bounds.is_positive(k) else UNBOUNDED
        free = any(symbol.free and symbol not in self.tainted for symbol in rest.symbols | k.symbols)
        if not rest.symbols:
            free = all(symbol.free and symbol not in self.tainted for symbol in k.symbols)
        elif not any(symbol.free and symbol not in self.tainted for symbol in rest.symbols):
            free = False
        quotient = hidden_quotient(rest, k, least, free)
        self.assume_zero(rest - k * quotient.dim, exact_division=True)

    def assume_nonnegative(self, e: Dim) -> None:
        """Take `e` to be 0 or more."""
        e = self.reduce(e)
        if e.value is not None:
            self.contradictory = self.contradictory or e.value < 0
            return
        number = content(e - e.constant)[0]
        e = divide_terms(e - e.constant, const(number))[0] + e.constant // number
        low, high = self.bounds.interval(e)
        if low is not None and low >= 0:
            return
        if high is not None and high < 0:
            self.contradictory = True
            return
        if high == 0:
            self.assume_zero(e)
            return
        body = e - e.constant
        if len(body.terms) == 1:
            ((monomial, coefficient),) = body.terms.items()
            if len(monomial) == 1 and coefficient in (1, -1):
                self._limit(monomial[0], coefficient, e.constant)
                return
        self.nonnegative = [*self.nonnegative, e]
        self.refresh(self.bounds.also(e))

    def _limit(self, atom: Atom, sign: int, constant: int) -> None:
        low, high = self.bounds.of_atom(atom)
        if sign > 0:
            low = greatest_of(low, -constant)
        else:
            high = least_of(high, constant)
        self.limits = {**self.limits, atom: (low, high)}
        self.refresh()
        if low is not None and low == high:
            self.assume_zero(atom.dim - low)

    def assume_nonzero(self, e: Dim) -> None:
        """Take `e` not to be 0."""
        e = self._primitive(self.reduce(e))
        if e.value is not None:
            self.contradictory = self.contradictory or e.value == 0
        elif not self.is_never_zero(e):
            self.nonzero = [*self.nonzero, e]
            low, high = self.bounds.interval(e)
            if low == 0:
                self.assume_nonnegative(e - 1)
            elif high == 0:
                self.assume_nonnegative(-1 - e)


def _balanced(d: Dim, k: int) -> Dim:
    """`d` with coefficients taken modulo `k` to the least absolute value."""
    terms = {}
    for monomial, coefficient in d.terms.items():
        left = coefficient % k
        if left * 2 > k:
            left -= k
        if left:
            terms[monomial] = left
    return from_terms(terms)


def _degree(d: Dim) -> int:
    return max(map(len, d.terms), default=0)


def _elimination_key(monomial: Monomial) -> tuple[int, list[int]]:
    return len(monomial), sorted((atom.order for atom in monomial), reverse=True)


def _inside(atom: Atom, other: Atom) -> bool:
    """`atom` stands somewhere within `other`, which is not it."""
    if other is atom or isinstance(other, Symbol):
        return False
    if isinstance(atom, Symbol):
        return atom in other.symbols
    passed = {id(other)}  # sizes share their parts: each is looked into once
    left: list[Atom] = [other]
    while left:
        for dim in _dims_of(left.pop()):
            for part in dim.atoms:
                if part is atom:
                    return True
                if part.order > atom.order and id(part) not in passed:
                    passed.add(id(part))
                    left.append(part)
    return False


def _dims_of(atom: Atom) -> tuple[Dim, ...]:
    """The sizes that an atom is made of."""
    if isinstance(atom, Quotient):
        return atom.numerator, atom.denominator
    return atom.parts if isinstance(atom, Extremum) else atom.args if isinstance(atom, Opaque) else ()


def _mentions(atom: Atom, d: Dim) -> bool:
    if isinstance(atom, Symbol):
        return atom in d.symbols
    return any(part is atom or _inside(atom, part) for part in d.atoms)


def _occurs(atom: Atom, e: Dim) -> bool:
    """`atom` occurs in `e` besides its own linear term."""
    return any((part is atom and len(monomial) > 1) or _inside(atom, part) for monomial in e.terms for part in monomial)


def _exact_division(e: Dim) -> tuple[Dim, Dim] | None:
    """(k, n) where e is c*(k*(n//k) - n), or c*((n + k - 1)//k - n//k), which is 0 only if k divides n."""
    for atom in e.atoms:
        if not isinstance(atom, Quotient):
            continue
        factor, rest = split(e, atom)
        times = polynomial_quotient(factor, atom.denominator)
        if times is not None and times.value is not None and rest is -times * atom.numerator:
            return atom.denominator, atom.numerator
        most = atom.denominator.value
        if factor.value is not None and most is not None and most > 1:
            below = (atom.numerator - most + 1) // most
            if rest is -factor * below:
                return atom.denominator, atom.numerator - most + 1
    return None
