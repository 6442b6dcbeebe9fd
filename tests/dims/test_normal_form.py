"""The normal form of sizes: which expressions are one object, what they evaluate to, and what a budget cuts off."""

from __future__ import annotations

import copy
import pickle
import random
import time
import weakref

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from random_sizes import ANY_INTS, NAMES, RING, SIZES, as_dim, as_int, env_of, points, texts

from shapelint.dims import Comparison, Dim, Facts, const, dim, forget_sizes, maximum, opaque, product, symbol
from shapelint.dims.rigor import rigorous

B, C, H, W, k, s, ps = (symbol(name, scope=510) for name in ("B", "C", "H", "W", "k", "s", "ps"))

ONE_FORM = [
    (H * W, W * H),
    ((H + 1) * C, C * H + C),
    ((H + W) * C - C * W, C * H),
    (H - H, const(0)),
    (H * 0, const(0)),
    (2 * H // 2, H),
    ((H - k) // s + 1, (H - k + s) // s),
    ((H - ps) // ps + 1, H // ps),
    ((H + 4) // 2, H // 2 + 2),
    ((H - 2) // 2 + 1, H // 2),
    (H // 2 // 3, H // 6),
    (2 * H // 4, H // 2),
    ((4 * H + 3) // 4, H),
    (H % 4 + 4 * (H // 4), H),
    (H % 3 % 4, H % 3),
    (-(-H // 2), (H + 1) // 2),
    ((H * s) // (W * s), H // W),
    (((H + 1) // 2 + 1) // 2, (H + 3) // 4),
    (H // 1, H),
    (H // H, const(1)),
    (0 // H, const(0)),
    (H**2, H * H),
    (H**0, const(1)),
    (C * (H // C) + H % C, H),
    ((C * H + 1) // (C + 1 - 1), H + 1 // C),
]


@pytest.mark.parametrize(("left", "right"), ONE_FORM, ids=lambda d: str(d))
def test_equal_expressions_are_one_object(left: Dim, right: Dim) -> None:
    assert left is right


DIFFERENT = [
    (H * W, H * C),
    (H // 2, (H + 1) // 2),
    ((H - k) // s + 1, (H + k) // s + 1),
    (H // 2 // 3, H // 5),
    ((4 * H + 4) // 4, H),
    (H % 3 % 2, H % 2),
    (C * (H // C), H),
    (symbol("B", scope=510), symbol("B", scope=511)),
    (symbol("B", scope=510), symbol("B", scope=510, free=False)),
    (opaque("f", H), opaque("f", W)),
    (opaque("f", H), opaque("g", H)),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT, ids=lambda d: str(d))
def test_different_sizes_are_different_objects(left: Dim, right: Dim) -> None:
    assert left is not right


def test_what_a_size_says_of_itself() -> None:
    assert const(3).value == 3
    assert H.value is None
    assert (H + 1 - H).value == 1
    assert H.as_symbol is not None
    assert H.as_symbol.name == "H"
    assert (2 * H).as_symbol is None
    assert (H // (W + 1)).symbols == H.symbols | W.symbols
    assert const(3).symbols == frozenset()
    assert dim(3) is const(3)
    assert dim(H.as_symbol) is H
    assert product([]) is const(1)
    assert product([H, W, const(2)]) is 2 * H * W


def test_substitution_is_simultaneous_and_follows_the_laws() -> None:
    h, w = H.as_symbol, W.as_symbol
    assert h is not None
    assert w is not None
    assert (H * W + H).subs({h: W, w: H}) is W * H + W
    assert ((H - k) // s).subs({h: k + s * W}) is W
    assert (H // 2).subs({h: 7}) is const(3)
    assert opaque("f", H).subs({h: W}) is opaque("f", W)
    assert (H * 2).subs({w: 5}) is H * 2


def test_division_by_the_constant_zero_is_an_error() -> None:
    for divide in (lambda: H // 0, lambda: H % 0, lambda: const(1) // 0):
        with pytest.raises(ZeroDivisionError):
            divide()


def test_evaluation_needs_every_symbol() -> None:
    with pytest.raises(LookupError):
        (H + W).evaluate({H.as_symbol: 1})  # type: ignore[dict-item]
    with pytest.raises(LookupError):
        opaque("f").evaluate({})


def test_a_negative_power_is_an_error() -> None:
    with pytest.raises(ValueError, match="power -1"):
        H**-1


@settings(deadline=None)
@given(texts(), points())
def test_the_value_is_that_of_the_expression(text: str, sizes: dict[str, int]) -> None:
    d, expected = as_dim(text, SIZES), as_int(text, sizes)
    if d is not None and expected is not None and "..." not in str(d):
        assert d.evaluate(env_of(SIZES, sizes)) == expected
        assert rigorous(d).evaluate(env_of(SIZES, sizes)) == expected


@settings(deadline=None)
@given(texts(), points(-6))
def test_the_value_is_that_of_the_expression_for_negative_sizes_too(text: str, sizes: dict[str, int]) -> None:
    d, expected = as_dim(text, ANY_INTS), as_int(text, sizes)
    if d is not None and expected is not None and "..." not in str(d):
        assert d.evaluate(env_of(ANY_INTS, sizes)) == expected
        assert rigorous(d).evaluate(env_of(ANY_INTS, sizes)) == expected


@settings(deadline=None)
@given(texts(RING), texts(RING))
def test_polynomials_are_one_object_exactly_where_sympy_finds_them_equal(left: str, right: str) -> None:
    symbols = {name: sympy.Symbol(name) for name in NAMES}
    same = sympy.expand(eval(f"({left}) - ({right})", {}, dict(symbols))) == 0
    assert (as_dim(left, SIZES) is as_dim(right, SIZES)) == same


@settings(deadline=None)
@given(texts(RING), texts(RING), texts(RING))
def test_ring_laws(x: str, y: str, z: str) -> None:
    a, b, c = as_dim(x, SIZES), as_dim(y, SIZES), as_dim(z, SIZES)
    assert a is not None
    assert b is not None
    assert c is not None
    assert (a + b) * c is a * c + b * c
    assert (a * b) * c is a * (b * c)
    assert a - b is -(b - a)


@settings(deadline=None)
@given(texts(), st.sampled_from(NAMES), st.integers(1, 6), points())
def test_substitution_commutes_with_evaluation(text: str, name: str, size: int, sizes: dict[str, int]) -> None:
    d = as_dim(text, SIZES)
    sizes = {**sizes, name: size}
    if d is None or "..." in str(d) or as_int(text, sizes) is None:
        return
    replaced = SIZES[name].as_symbol
    assert replaced is not None
    try:
        substituted = d.subs({replaced: size})
    except ZeroDivisionError:
        return
    assert substituted.evaluate(env_of(SIZES, sizes)) == as_int(text, sizes)


def test_one_normal_form_for_one_function() -> None:
    """Of random functions of two sizes by sums and divisions by numbers, hardly any has two normal forms."""
    chance = random.Random(5)
    n, m = symbol("N", scope=512), symbol("M", scope=512)

    def made(size: int) -> Dim:
        if size <= 1:
            return chance.choice([n, n, m, const(1), const(2), const(3)])
        kind, first = chance.randint(0, 4), chance.randint(1, size - 1)
        if kind == 0:
            return made(size - 1) // chance.randint(2, 6)
        if kind == 1:
            return made(size - 1) % chance.randint(2, 6)
        if kind == 2:
            return chance.randint(-3, 4) * made(size - 1)
        return made(first) + made(size - first) if kind == 3 else made(first) - made(size - first)

    grid = [(x, y) for x in range(1, 62) for y in (1, 2, 3, 4, 7, 12)]
    grid += [(chance.randint(1, 5000), chance.randint(1, 5000)) for _ in range(200)]
    sizes = [env_of({"n": n, "m": m}, {"n": x, "m": y}) for x, y in grid]
    plain: dict[tuple[int, ...], set[Dim]] = {}
    strict: dict[tuple[int, ...], set[Dim]] = {}
    for d in {made(chance.randint(2, 6)) for _ in range(2500)}:
        values = tuple(d.evaluate(each) for each in sizes)
        plain.setdefault(values, set()).add(d)
        strict.setdefault(values, set()).add(rigorous(d))
    assert len(plain) > 800
    assert share_with_two_forms(plain) < 0.04  # JAX: 82 of 1,982 such functions
    assert share_with_two_forms(strict) < 0.02


def share_with_two_forms(forms: dict[tuple[int, ...], set[Dim]]) -> float:
    return sum(len(row) > 1 for row in forms.values()) / len(forms)


COPIED = [const(5), H, H * W - 2, (H - k) // s + 1, H % 3, maximum(H, W // 2), opaque("f", H), symbol("n", free=False)]


@pytest.mark.parametrize("d", COPIED, ids=str)
def test_a_copy_is_the_same_object(d: Dim) -> None:
    assert pickle.loads(pickle.dumps(d)) is d
    assert copy.deepcopy(d) is d


def test_sizes_no_longer_used_are_forgotten() -> None:
    def made() -> weakref.ref[Dim]:
        return weakref.ref(symbol("forgotten", scope=515))

    kept = symbol("kept", scope=515) // 2
    gone = made()
    forget_sizes()
    assert gone() is None
    assert kept is symbol("kept", scope=515) // 2
    assert (kept + 1).symbols == symbol("kept", scope=515).symbols


def test_a_product_of_too_many_names_is_cut_off() -> None:
    assert product(symbol(f"v{i}", scope=516) for i in range(30)).opaque
    assert (H**30).opaque
    assert not (H**20).opaque
    assert const(2) ** 30 is const(2**30)


def test_what_a_budget_cut_off_follows_substitution() -> None:
    cut = product(symbol(f"v{i}", scope=513) + 1 for i in range(8))
    first, unrelated = symbol("v0", scope=513).as_symbol, H.as_symbol
    assert first is not None
    assert unrelated is not None
    assert cut.subs({unrelated: 3}) is cut
    assert cut.subs({first: 3}) is not cut
    assert cut.subs({first: 3}) is cut.subs({first: 3})
    assert cut.subs({first: 3}) is not cut.subs({first: 4})
    assert Facts().equal(H, W).normalize(cut) is cut
    assert Facts().equal(H, W).compare(cut + H, cut + W) is Comparison.EQUAL


def test_what_was_replaced_in_what_is_cut_off_is_gone() -> None:
    cut = product(symbol(f"v{i}", scope=513) + 1 for i in range(8))
    first = symbol("v0", scope=513)
    facts = Facts().equal(first, 2 * H)
    reduced = facts.resolved(cut)
    assert first.as_symbol not in reduced.symbols
    assert facts.resolved(reduced) is reduced
    assert facts.compare(cut, W) is not Comparison.EQUAL


def test_a_product_of_many_sums_is_cut_off_in_time() -> None:
    started = time.perf_counter()
    cut = product(symbol(f"v{i}", scope=513) + 1 for i in range(8))
    assert time.perf_counter() - started < 1
    assert cut.opaque
    assert cut is product(symbol(f"v{i}", scope=513) + 1 for i in range(8))
    assert len(cut.terms) < 120
    assert Facts().compare(cut, cut + 1) is Comparison.NEVER
    assert Facts().compare(cut, opaque("f")) is Comparison.MAYBE


@pytest.mark.parametrize("step", ["sum", "quotient", "extremum", "power"])
def test_a_thousand_nodes_do_not_blow_up(step: str) -> None:
    d, other = symbol("d0", scope=514), [symbol(f"q{i}", scope=514) for i in range(1000)]
    started = time.perf_counter()
    for i in range(300):
        if step == "sum":
            d = d + other[i] * other[i + 1]
        elif step == "quotient":
            d = (d * other[i % 7] + i) // other[i % 5]
        elif step == "power":
            d = d * d + 1
        else:
            d = d // 2 + d % other[i % 3]
    assert time.perf_counter() - started < 10
    assert len(str(d)) < 20_000
    assert Facts().compare(d, d + 1) is Comparison.NEVER
