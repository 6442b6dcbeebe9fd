"""Rewriting rules, and what they and the bounds beside them decide of a size."""

from __future__ import annotations

from shapelint.dims.atoms import Extremum, Opaque, Quotient
from shapelint.dims.bounds import Bounds, content
from shapelint.dims.division import floor_div, monomial_quotient, polynomial_quotient
from shapelint.dims.expr import ZERO, Dim, const, from_terms
from shapelint.dims.extrema import extremum
from shapelint.dims.samples import Interval
from shapelint.dims.symbols import Atom, Monomial, Symbol


class Rewriting:
    """Which atom is which size, which product is which, and what is left as bounds; begins as a copy of `earlier`."""

    bounds: Bounds
    restored_sizes: dict[Dim, Dim]
    _reduced: dict[Dim, Dim]
    _atoms: dict[Atom, Dim]

    def __init__(self, earlier: Rewriting | None = None) -> None:
        self.rules: dict[Atom, Dim] = dict(earlier.rules) if earlier else {}
        self.products: dict[Monomial, Dim] = dict(earlier.products) if earlier else {}
        self.residual: list[Dim] = list(earlier.residual) if earlier else []
        self.nonnegative: list[Dim] = list(earlier.nonnegative) if earlier else []
        self.nonzero: list[Dim] = list(earlier.nonzero) if earlier else []
        self.limits: dict[Atom, Interval] = dict(earlier.limits) if earlier else {}
        self.tainted: set[Symbol] = set(earlier.tainted) if earlier else set()
        self.contradictory: bool = earlier is not None and earlier.contradictory
        self._constrained: set[Symbol] | None = None
        if earlier is None:
            self.refresh(Bounds(self.limits, self.nonnegative))
        else:  # what it found holds until a rule changes, and then each goes on with caches of its own
            self.bounds = earlier.bounds
            self._reduced, self._atoms, self.restored_sizes = earlier._reduced, earlier._atoms, earlier.restored_sizes

    def refresh(self, bounds: Bounds | None = None) -> None:
        """Forget what was cached: a rule has changed, or the bounds are these now."""
        self.bounds = bounds or Bounds(self.limits, self.nonnegative)
        self._reduced, self._atoms, self.restored_sizes = {}, {}, {}
        self._constrained = None

    def keep_cached(self, earlier: Rewriting, changed: Symbol) -> None:
        """Take over what an earlier one has worked out, except of sizes that speak of the one symbol that changed."""
        self._reduced = {d: found for d, found in earlier._reduced.items() if changed not in d.symbols}
        self._atoms = {atom: found for atom, found in earlier._atoms.items() if changed not in atom.symbols}
        self.restored_sizes = {d: found for d, found in earlier.restored_sizes.items() if changed not in d.symbols}
        self._constrained = earlier._constrained

    @property
    def constrained(self) -> set[Symbol]:
        """The symbols, not eliminated ones, that some assumption limits."""
        if self._constrained is None:
            found: set[Symbol] = set()
            for e in (*self.nonnegative, *self.nonzero, *self.residual):
                found |= e.symbols
            for product, right in self.products.items():
                found |= from_terms({product: 1}).symbols | right.symbols
            for atom in self.limits:
                found |= atom.symbols
            for atom, right in self.rules.items():
                if not isinstance(atom, Symbol):
                    found |= atom.symbols | right.symbols
            self._constrained = found
        return self._constrained

    def reduce(self, d: Dim) -> Dim:
        """`d` rewritten by every rule; equal sizes mostly become one."""
        if d.value is not None or not (self.rules or self.products or self.limits or self.nonnegative):
            return d
        found = self._reduced.get(d)
        if found is None:
            found = d
            for _ in range(6):
                changed = self._rewrite(found)
                if changed is found:
                    break
                found = changed
            self._reduced[d] = found
        return found

    def _rewrite(self, d: Dim) -> Dim:
        changed = {
            atom: found for monomial in d.terms for atom in monomial if (found := self._of_atom(atom)) is not atom.dim
        }
        if not changed:
            return self._with_products(d) if self.products else d
        result = ZERO
        for monomial, coefficient in d.terms.items():
            term = const(coefficient)
            for atom in monomial:
                term = term * (changed.get(atom) or atom.dim)
            result = result + term
        return self._with_products(result) if self.products else result

    def _of_atom(self, atom: Atom) -> Dim:
        rule = self.rules.get(atom)
        if rule is not None:
            return rule
        if isinstance(atom, Symbol):
            return atom.dim
        found = self._atoms.get(atom)
        if found is None:
            self._atoms[atom] = atom.dim
            found = self._atoms[atom] = self._rebuilt(atom)
        return found

    def _rebuilt(self, atom: Atom) -> Dim:
        if isinstance(atom, Quotient):
            return self.divide(self.reduce(atom.numerator), self.reduce(atom.denominator), atom.dim)
        if isinstance(atom, Extremum):
            return extremum(atom.greatest, [self.reduce(part) for part in atom.parts], self.bounds)
        if isinstance(atom, Opaque):
            return atom.rebuilt(self.reduce)
        return atom.dim

    def divide(self, a: Dim, b: Dim, otherwise: Dim | None = None) -> Dim:
        """a // b for reduced `a` and `b`; `otherwise` where `b` is 0."""
        if b.value == 0:
            return a // b if otherwise is None else otherwise
        exact = polynomial_quotient(a, b)
        if exact is not None:
            return exact
        for left, right in self.products.items():  # undo a rule that hides the factor
            whole = polynomial_quotient(a, right)
            if whole is not None and right.value != 1:
                exact = polynomial_quotient(whole * from_terms({left: 1}), b)
                if exact is not None:
                    return exact
        return floor_div(a, b, self.bounds)

    def _with_products(self, d: Dim) -> Dim:
        for _ in range(20):
            for monomial in d.terms:
                if len(monomial) < 2:
                    continue
                for left, right in self.products.items():
                    rest = monomial_quotient(monomial, left)
                    if rest is not None:
                        term = from_terms({monomial: d.terms[monomial]})
                        d = d - term + from_terms({rest: d.terms[monomial]}) * right
                        break
                else:
                    continue
                break
            else:
                return d
        return d

    def is_never_zero(self, e: Dim) -> bool:
        """Bounds, a common divisor or an assumption show that `e` is not 0; `e` is reduced."""
        if e.value is not None:
            return e.value != 0
        constant = e.constant
        if constant:
            number, shared = content(e - constant)
            if constant % number:
                return True
            if shared:
                least = self.bounds.lower(from_terms({shared: number}), 0)
                if least is not None and least > abs(constant):
                    return True
        if self.bounds.is_at_least(e, 1) or self.bounds.is_at_least(-e, 1):
            return True
        return any(polynomial_quotient(known, e) is not None for known in self.nonzero)

    def is_zero(self, e: Dim) -> bool:
        """`e`, reduced, is 0 under the assumptions."""
        if e.value is not None:
            return e.value == 0
        return any(polynomial_quotient(e, known) is not None for known in self.residual)
