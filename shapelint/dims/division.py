"""Floor division: every law that takes `a // b` to a simpler form, or to one atom."""

from __future__ import annotations

from math import gcd

from shapelint.dims.atoms import Quotient, cut
from shapelint.dims.bounds import UNCONDITIONAL, Bounds, content
from shapelint.dims.expr import DEPTH_BUDGET, ONE_DIM, WEIGHT_BUDGET, ZERO, Dim, add, const, from_terms
from shapelint.dims.symbols import Monomial, intern_atom


def floor_div(a: Dim, b: Dim, known: Bounds = UNCONDITIONAL) -> Dim:
    """a // b as Python has it; `known` says what may be assumed of the sizes.

    Raises ZeroDivisionError when `b` is the constant 0. A symbolic `b` is taken not to be 0, since nothing is
    computed where it is.
    """
    if b.value is not None:
        if a.value is not None:
            return const(a.value // b.value)
        if b.value == 0:
            raise ZeroDivisionError("a size divided by 0")
        if b.value < 0:
            return floor_div(-a, -b, known)
        if b.value == 1:
            return a
    elif a.value == 0:
        return ZERO
    elif a is b:
        return ONE_DIM
    elif b.sorted_terms[0][1] < 0:
        return floor_div(-a, -b, known)
    whole, rest = divide_terms(a, b)
    if rest.value == 0:
        return whole
    return add(whole, _fraction(rest, b, known))


def divide_terms(a: Dim, b: Dim) -> tuple[Dim, Dim]:
    """(q, r) with a == q*b + r, taking out of `a` what the leading term of `b` divides; `b` is not 0.

    Division by one polynomial leaves the same rest for every `a` that differs by multiples of it, so the result is
    a normal form. Constants are taken out so that 0 <= rest < b, other coefficients towards 0.
    """
    if b.value is not None:
        return _divide_by_int(a, b.value)
    lead, lead_coefficient = b.sorted_terms[0]
    if len(b.terms) == 1:
        return _divide_by_monomial(a, lead, lead_coefficient)
    whole, rest = ZERO, a
    for _ in range(40):
        step = _leading_step(rest, lead, lead_coefficient)
        if step is None:
            return whole, rest
        whole, rest = whole + step, rest - step * b
        if len(rest.terms) > 60:
            break
    return ZERO, a


def _leading_step(rest: Dim, lead: Monomial, lead_coefficient: int) -> Dim | None:
    for monomial, coefficient in rest.sorted_terms:
        if coefficient % lead_coefficient == 0:
            quotient = monomial_quotient(monomial, lead)
            if quotient is not None:
                return from_terms({quotient: coefficient // lead_coefficient})
    return None


def _divide_by_int(a: Dim, b: int) -> tuple[Dim, Dim]:
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for monomial, coefficient in a.terms.items():
        quotient, left = divmod(coefficient, b)
        if monomial and coefficient < 0 and left:  # towards 0, so that H-k stays H-k
            quotient, left = quotient + 1, left - b
        if quotient:
            whole[monomial] = quotient
        if left:
            rest[monomial] = left
    return from_terms(whole), from_terms(rest)


def _divide_by_monomial(a: Dim, lead: Monomial, factor: int) -> tuple[Dim, Dim]:
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for monomial, coefficient in a.terms.items():
        quotient = monomial_quotient(monomial, lead)
        if quotient is None:
            rest[monomial] = coefficient
            continue
        times, left = divmod(coefficient, factor)
        if times:
            whole[quotient] = times
        if left:
            rest[monomial] = left
    return from_terms(whole), from_terms(rest)


def monomial_quotient(a: Monomial, b: Monomial) -> Monomial | None:
    """The monomial q with q*b == a, or None."""
    if len(b) > len(a):
        return None
    left = list(a)
    for atom in b:
        if atom not in left:
            return None
        left.remove(atom)
    return tuple(left)


def polynomial_quotient(a: Dim, b: Dim) -> Dim | None:
    """q with q*b == a exactly as polynomials, or None (also when `b` is 0)."""
    if b.value == 0:
        return None
    if b.value == 1:
        return a
    if a.value is not None and b.value is not None:
        return const(a.value // b.value) if a.value % b.value == 0 else None
    whole, rest = divide_terms(a, b)
    return whole if rest.value == 0 else None


def exact_div(a: Dim, b: Dim) -> Dim:
    """a / b where the division of polynomials is exact, else a // b. Raises ZeroDivisionError for the constant 0."""
    whole = polynomial_quotient(a, b)
    return a // b if whole is None else whole


def _fraction(rest: Dim, b: Dim, known: Bounds) -> Dim:
    """rest // b where no term of `rest` is a multiple of `b`."""
    rest, b = _cancelled(rest, b, known)
    if b.value == 1:
        return rest
    nested = _nested(rest, b, known)
    if nested is not None:
        return nested
    small = _constant_quotient(rest, b, known)
    if small is not None:
        return const(small)
    negative = rest.value is None and all(coefficient < 0 for monomial, coefficient in rest.terms.items() if monomial)
    if negative and known.is_positive(b):  # (-n)//b == -((n + b - 1)//b)
        return -floor_div(b - 1 - rest, b, known)
    if rest.depth >= DEPTH_BUDGET or b.depth >= DEPTH_BUDGET or rest.weight + b.weight > WEIGHT_BUDGET:
        return cut(const(3), rest, b)
    return intern_atom(Quotient, rest, b).dim


def _cancelled(rest: Dim, b: Dim, known: Bounds) -> tuple[Dim, Dim]:
    """The fraction without common factors; an int need not divide the constant of the numerator: its floor is kept."""
    number, shared = content(b)
    constant = rest.constant
    body = rest - constant if constant else rest
    if body.value is not None:
        return rest, b
    body_number, body_shared = content(body)
    if shared and not constant:
        kept = _common_monomial(shared, body_shared)
        if kept:
            common = from_terms({kept: 1})
            rest, b = _exact(rest, common), _exact(b, common)
            return _cancelled(rest, b, known)
    g = gcd(number, body_number)
    if g > 1 and (constant % g == 0 or known.is_positive(b)):  # (g*x + c)//(g*y) == (x + c//g)//y
        rest = _exact(body, const(g)) + constant // g
        b = _exact(b, const(g))
    return rest, b


def _common_monomial(a: Monomial, b: Monomial) -> Monomial:
    left = list(b)
    kept = []
    for atom in a:
        if atom in left:
            left.remove(atom)
            kept.append(atom)
    return tuple(kept)


def _exact(a: Dim, b: Dim) -> Dim:
    whole, _ = divide_terms(a, b)
    return whole


def _nested(rest: Dim, b: Dim, known: Bounds) -> Dim | None:
    """(n//d + y)//b == (n + d*y)//(d*b) for b >= 1."""
    found: Quotient | None = None
    for monomial, coefficient in rest.terms.items():
        if any(isinstance(atom, Quotient) for atom in monomial):
            atom = monomial[0]
            if found is not None or len(monomial) != 1 or coefficient != 1 or not isinstance(atom, Quotient):
                return None
            found = atom
    if found is None or not known.is_positive(b):
        return None
    other = rest - found.dim
    return floor_div(found.numerator + found.denominator * other, found.denominator * b, known)


def _constant_quotient(rest: Dim, b: Dim, known: Bounds) -> int | None:
    """The quotient when bounds leave only one: k with k*b <= rest < (k+1)*b."""
    if not known.is_positive(b):
        return None
    sampled = known.quotients_sampled(rest, b)
    if len(sampled) > 1:
        return None
    if b.value is not None:
        low, high = known.interval(rest)
        return low // b.value if low is not None and high is not None and low // b.value == high // b.value else None
    for k in (0, -1, 1):
        if sampled and k not in sampled:
            continue
        if known.is_at_least(rest - b * k, 0, 2) and known.is_at_least(b * (k + 1) - 1 - rest, 0, 2):
            return k
    return None
