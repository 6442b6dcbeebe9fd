"""The normal form of a size: an interned polynomial with integer coefficients over symbols and other atoms.

Words: an *atom* is what cannot be taken apart by ring laws (a symbol, a floor division, a maximum, an opaque value);
a *monomial* is a row of atoms in order of creation, repeated as often as their power; a *term* is a monomial and its
coefficient. `a % b` has no atom of its own: it is `a - b*(a//b)`, and printing turns it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from shapelint.dims.interned import dims as _dims
from shapelint.dims.symbols import Atom, Monomial, Remembering, Sizes, Symbol

TERM_BUDGET = 120
DEGREE_BUDGET = 24
WEIGHT_BUDGET = 400
DEPTH_BUDGET = 16
CACHE_BUDGET = 100_000

ONE: Monomial = ()


def _evaluated(atom: Atom, env: Sizes) -> int:
    if not isinstance(env, Remembering):
        return atom.evaluated(env)
    value = env.get(atom)
    if value is None:
        value = env[atom] = atom.evaluated(env)
    return value


def _order_of(atom: Atom) -> int:
    return atom.order


class Dim:
    """An immutable, interned size; `==` and `hash` go by identity, which is equality of normal forms."""

    __slots__ = (
        "__weakref__",
        "_sorted",
        "_text",
        "as_symbol",
        "depth",
        "opaque",
        "symbols",
        "terms",
        "value",
        "weight",
    )

    symbols: frozenset[Symbol]  # every one that occurs, inside divisions too
    terms: dict[Monomial, int]
    value: int | None
    as_symbol: Symbol | None

    def __init__(self, terms: dict[Monomial, int]) -> None:
        self.terms = terms
        self.value = self.as_symbol = None
        self._text: str | None = None
        self._sorted: tuple[tuple[Monomial, int], ...] | None = None
        self.depth, self.weight, self.opaque = 0, len(terms), False
        for monomial in terms:
            for atom in monomial:
                self.weight += atom.weight
                self.depth = atom.depth if atom.depth > self.depth else self.depth
                self.opaque = self.opaque or atom.opaque
        if not terms:
            self.value = 0
        elif len(terms) == 1:
            ((monomial, coefficient),) = terms.items()
            if not monomial:
                self.value = coefficient
            elif coefficient == 1 and len(monomial) == 1 and isinstance(monomial[0], Symbol):
                self.as_symbol = monomial[0]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> frozenset[Symbol]:
            """The symbols, which are found out when they are first asked for."""
            if name != "symbols":
                raise AttributeError(name)
            self.symbols = frozenset().union(*[atom.symbols for monomial in self.terms for atom in monomial])
            return self.symbols

    @property
    def sorted_terms(self) -> tuple[tuple[Monomial, int], ...]:
        """The terms in order of printing: higher degree first, then by creation of their atoms."""
        if self._sorted is None:
            self._sorted = tuple(sorted(self.terms.items(), key=_term_key))
        return self._sorted

    @property
    def constant(self) -> int:
        """The term without atoms."""
        return self.terms.get(ONE, 0)

    @property
    def atoms(self) -> set[Atom]:
        """The outermost atoms."""
        return {atom for monomial in self.terms for atom in monomial}

    def subs(self, mapping: Mapping[Symbol, Dim | int]) -> Dim:
        """The size with every symbol of `mapping` replaced, all at once."""
        if self.symbols.isdisjoint(mapping):
            return self
        dims = {atom: dim(value) for atom, value in mapping.items()}
        return substitute(self, dims)

    def evaluate(self, env: Sizes) -> int:
        """The int it is for those sizes, with Python's `//` and `%`.

        Raises ZeroDivisionError as Python would, and LookupError for a symbol or an opaque value that is not in `env`.
        """
        if self.value is not None:
            return self.value
        if self.as_symbol is not None:
            return env[self.as_symbol]
        total = 0
        for monomial, coefficient in self.terms.items():
            for atom in monomial:
                coefficient *= env[atom] if type(atom) is Symbol else _evaluated(atom, env)
            total += coefficient
        return total

    def __add__(self, other: Dim | int) -> Dim:
        return add(self, other if isinstance(other, Dim) else const(other))

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return negated(self)

    def __sub__(self, other: Dim | int) -> Dim:
        if self is other:
            return ZERO
        return subtract(self, other) if isinstance(other, Dim) else add(self, const(-other))

    def __rsub__(self, other: Dim | int) -> Dim:
        return subtract(dim(other), self)

    def __mul__(self, other: Dim | int) -> Dim:
        return multiply(self, other) if isinstance(other, Dim) else scale(self, other)

    __rmul__ = __mul__

    def __floordiv__(self, other: Dim | int) -> Dim:
        return _divide(self, other if isinstance(other, Dim) else const(other))

    def __rfloordiv__(self, other: int) -> Dim:
        return _divide(const(other), self)

    def __mod__(self, other: Dim | int) -> Dim:
        other = other if isinstance(other, Dim) else const(other)
        return self - other * _divide(self, other)

    def __rmod__(self, other: int) -> Dim:
        return const(other) % self

    def __pow__(self, power: int) -> Dim:
        if power < 0:
            raise ValueError(f"a size has no power {power}")
        result = ONE_DIM
        for _ in range(min(power, DEGREE_BUDGET + 1)):
            result = result * self
        if power > DEGREE_BUDGET:
            return const(self.value**power) if self.value is not None and power < 4096 else _cut(self, const(power))
        return result

    def __reduce__(self) -> tuple[Callable[..., Dim], tuple[Any, ...]]:
        return _from_pickle, tuple(self.terms.items())

    def __str__(self) -> str:
        if self._text is None:
            from shapelint.dims.text import text_of

            self._text = text_of(self)
        return self._text

    def __repr__(self) -> str:
        return f"Dim({self})"


def _term_key(term: tuple[Monomial, int]) -> tuple[int, tuple[int, ...]]:
    return -len(term[0]), tuple(atom.order for atom in term[0])


_constants: dict[int, Dim] = {}
_negatives: dict[Dim, Dim] = {}
_sums: dict[tuple[Dim, Dim], Dim] = {}
_differences: dict[tuple[Dim, Dim], Dim] = {}
_products: dict[tuple[Dim, Dim], Dim] = {}
_quotients: dict[tuple[Dim, Dim], Dim] = {}


def const(n: int) -> Dim:
    """The size that is the int `n`."""
    found = _constants.get(n)
    if found is None:
        found = Dim({ONE: int(n)} if n else {})
        if len(_constants) < CACHE_BUDGET:
            _constants[n] = found
        else:  # so many that they are no longer kept: still one object while it is in use
            found = _dims.setdefault(frozenset(found.terms.items()), found)
    return found


def from_terms(terms: dict[Monomial, int]) -> Dim:
    """The one size with these terms; no coefficient may be 0, and the monomials are in order."""
    if not terms:
        return ZERO
    if len(terms) == 1:
        ((monomial, coefficient),) = terms.items()
        if not monomial:
            return const(coefficient)
        if coefficient == 1 and len(monomial) == 1:  # kept by the atom
            return monomial[0].dim
    key = frozenset(terms.items())
    found = _dims.get(key)
    if found is None:
        found = _dims[key] = Dim(terms)
    return found


def _from_pickle(*terms: tuple[Monomial, int]) -> Dim:
    result = ZERO
    for monomial, coefficient in terms:
        result = result + product(atom.dim for atom in monomial) * coefficient
    return result


def dim(value: int | Dim | Symbol) -> Dim:
    """The size that `value` is: an int becomes a constant."""
    if isinstance(value, Dim):
        return value
    return value.dim if isinstance(value, Symbol) else const(value)


def _cut(*args: Dim) -> Dim:
    from shapelint.dims.atoms import cut

    return cut(*args)


def add(a: Dim, b: Dim) -> Dim:
    """a + b."""
    if a.value is not None:
        if b.value is not None:
            return const(a.value + b.value)
        if a.value == 0:
            return b
    elif b.value == 0:
        return a
    found = _sums.get((a, b))
    if found is not None:
        return found
    if len(b.terms) > len(a.terms):
        large, small = b, a
    else:
        large, small = a, b
    terms = dict(large.terms)
    for monomial, coefficient in small.terms.items():
        total = terms.get(monomial, 0) + coefficient
        if total:
            terms[monomial] = total
        else:
            del terms[monomial]
    result = from_terms(terms) if len(terms) <= TERM_BUDGET else _cut(const(1), *_in_order(a, b))
    return _remember(_sums, (a, b), result)


def subtract(a: Dim, b: Dim) -> Dim:
    """a - b, without the size that -b is, which nothing else asks for."""
    if b.value is not None:
        return add(a, const(-b.value))
    if a.value == 0 or len(a.terms) + len(b.terms) > TERM_BUDGET:
        return add(a, negated(b))
    found = _differences.get((a, b))
    if found is not None:
        return found
    terms = dict(a.terms)
    for monomial, coefficient in b.terms.items():
        total = terms.get(monomial, 0) - coefficient
        if total:
            terms[monomial] = total
        else:
            del terms[monomial]
    return _remember(_differences, (a, b), from_terms(terms))


def scale(a: Dim, factor: int) -> Dim:
    """factor * a."""
    if factor == 1:
        return a
    if factor == 0:
        return ZERO
    if a.value is not None:
        return const(a.value * factor)
    return from_terms({monomial: coefficient * factor for monomial, coefficient in a.terms.items()})


def negated(a: Dim) -> Dim:
    """-a."""
    if a.value is not None:
        return const(-a.value)
    found = _negatives.get(a)
    if found is None:
        if len(_negatives) > CACHE_BUDGET:
            _negatives.clear()
        found = _negatives[a] = scale(a, -1)
    return found


def multiply(a: Dim, b: Dim) -> Dim:
    """a * b."""
    if a.value is not None:
        return scale(b, a.value)
    if b.value is not None:
        return scale(a, b.value)
    found = _products.get((a, b))
    if found is not None:
        return found
    return _remember(_products, (a, b), _expanded(a, b))


def _expanded(a: Dim, b: Dim) -> Dim:
    if len(a.terms) * len(b.terms) > 4 * TERM_BUDGET:
        return _cut(const(2), *_in_order(a, b))
    terms: dict[Monomial, int] = {}
    for left, factor in a.terms.items():
        for right, other in b.terms.items():
            monomial = tuple(sorted(left + right, key=_order_of)) if left and right else left or right
            if len(monomial) > DEGREE_BUDGET:
                return _cut(const(2), *_in_order(a, b))
            terms[monomial] = terms.get(monomial, 0) + factor * other
    terms = {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}
    return from_terms(terms) if len(terms) <= TERM_BUDGET else _cut(const(2), *_in_order(a, b))


def _in_order(a: Dim, b: Dim) -> tuple[Dim, Dim]:
    return (a, b) if _place_of(a) <= _place_of(b) else (b, a)


def _place_of(size: Dim) -> list[tuple[tuple[int, ...], int]]:
    """What two sizes are put in order by, the same in every run."""
    return sorted((tuple(map(_order_of, monomial)), coefficient) for monomial, coefficient in size.terms.items())


def _divide(a: Dim, b: Dim) -> Dim:
    found = _quotients.get((a, b))
    if found is not None:
        return found
    from shapelint.dims.division import floor_div

    return _remember(_quotients, (a, b), floor_div(a, b))


def _remember(cache: dict[tuple[Dim, Dim], Dim], key: tuple[Dim, Dim], result: Dim) -> Dim:
    if len(cache) > CACHE_BUDGET:
        cache.clear()
    cache[key] = result
    return result


def forget_results() -> None:
    """Drop what was calculated so far, which would keep every size of the files that are done with."""
    for results in (_negatives, _sums, _differences, _products, _quotients):
        results.clear()


def product(dims: Iterable[Dim]) -> Dim:
    """The product of all of them; 1 of none."""
    result = ONE_DIM
    for factor in dims:
        result = result * factor
    return result


def substitute(d: Dim, mapping: Mapping[Any, Dim]) -> Dim:
    """`d` with atoms replaced as in `mapping`, inside divisions too; rebuilt by all the laws."""
    result = ZERO
    for monomial, coefficient in d.terms.items():
        factor = const(coefficient)
        for atom in monomial:
            replaced = mapping.get(atom)
            if replaced is None:
                replaced = atom.rebuilt(partial(substitute, mapping=mapping))
            factor = factor * replaced
        result = result + factor
    return result


ZERO = Dim({})
_constants[0] = ZERO
ONE_DIM = const(1)
