"""Facts: what follows from assumptions, how they are kept, and how sizes compare under them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shapelint.dims import Comparison, Dim, Facts, const, maximum, minimum, opaque, symbol

EQUAL, NEVER, DIFFERS, MAYBE = Comparison.EQUAL, Comparison.NEVER, Comparison.DIFFERS, Comparison.MAYBE
NAMES = ("B", "C", "T", "H", "W", "I", "L", "D", "nh", "kv", "hd", "ps", "P", "k", "a", "b")
B, C, T, H, W, I, L, D, nh, kv, hd, ps, P, k, a, b = (symbol(name, scope=530) for name in NAMES)
n, m = symbol("n", scope=530, free=False), symbol("m", scope=530, free=False)
NONE = Facts()

HEADS = NONE.divides(nh, D)
NAMED_HEADS = NONE.equal(hd, D // nh).divides(nh, D)
VIEWED_HEADS = NONE.equal(hd, D // nh).equal(nh * hd, D)
PATCHES = NONE.equal((H // ps) * (W // ps), (I // ps) ** 2).equal(P, (I // ps) ** 2)
GROUPS = NONE.divides(kv, nh).divides(nh, D)
SIZES_768 = NONE.equal(B, 4).equal(nh * hd, 768)


def shown(value: object) -> str:
    """A test's name for a value: facts by what they say."""
    return (" and ".join(map(str, value)) or "no facts") if isinstance(value, Facts) else str(value)


ROWS: list[tuple[str, Facts, Dim, Dim, Comparison]] = [
    ("a size and itself", NONE, H, H, EQUAL),
    ("two constants", NONE, const(2), const(3), NEVER),
    ("two free names", NONE, C, H, DIFFERS),
    ("a name and a product", NONE, C, H * W, DIFFERS),
    ("a name and its successor", NONE, H, H + 1, NEVER),
    ("even and odd", NONE, 2 * H, 2 * W + 1, NEVER),
    ("multiples of 6 and their neighbours", NONE, 6 * H, 4 * W + 1, NEVER),
    ("a sum and its part", NONE, H + W, H, NEVER),
    ("a product and zero", NONE, H * W, const(0), NEVER),
    ("a multiple beyond a constant", NONE.at_least(H, 5), H * W, const(3), NEVER),
    ("half and parity", NONE, H % 2 + H // 2, (H + 1) // 2, EQUAL),
    ("greatest and least", NONE, maximum(H, W) + minimum(H, W), H + W, EQUAL),
    ("a multiple of a quotient, unassumed", NONE, nh * (D // nh), D, DIFFERS),
    ("two unknown ints", NONE, n, m, MAYBE),
    ("an unknown int and a constant", NONE, n, const(3), MAYBE),
    ("a free name and an unknown int", NONE, T, m, DIFFERS),
    ("a free name times unknown ints", NONE, T * n, T * m, MAYBE),
    ("a free name and a product with an unknown int", NONE, T, n * H, DIFFERS),
    ("an opaque value", NONE, opaque("f", H), opaque("f", W), MAYBE),
    ("one opaque value", NONE.equal(H, W), opaque("f", H), opaque("f", W), EQUAL),
    ("a free name and an opaque value", NONE, T, opaque("f"), DIFFERS),
    ("divided heads", HEADS, nh * (D // nh), D, EQUAL),
    ("divided heads in a product", HEADS, B * P * nh * (D // nh), B * P * D, EQUAL),
    ("rest of divided heads", HEADS, D % nh, const(0), EQUAL),
    ("heads against the width", HEADS, D, nh, DIFFERS),
    ("less than a multiple", HEADS, 2 * D, nh, NEVER),
    ("named heads", NAMED_HEADS, nh * hd, D, EQUAL),
    ("named heads in a product", NAMED_HEADS, B * nh * hd * L, B * L * D, EQUAL),
    ("named heads against the width", NAMED_HEADS, hd, D, DIFFERS),
    ("viewed heads", VIEWED_HEADS, nh * hd, D, EQUAL),
    ("viewed heads: the quotient", VIEWED_HEADS, D // nh, hd, EQUAL),
    ("viewed heads: the rest", VIEWED_HEADS, D % nh, const(0), EQUAL),
    ("a product alone", NONE.equal(nh * hd, D), B * nh * hd * L, B * D * L, EQUAL),
    ("a product alone: the quotients", NONE.equal(nh * hd, D), D // nh + D // hd, hd + nh, EQUAL),
    ("a constant product", SIZES_768, nh * hd * C, 768 * C, EQUAL),
    ("a constant product: the quotient", SIZES_768, const(768) // nh, hd, EQUAL),
    ("a constant product: the factors", SIZES_768, nh, hd, DIFFERS),
    ("a constant name", SIZES_768, B * C, 4 * C, EQUAL),
    ("a constant name and another", SIZES_768, B, const(5), NEVER),
    ("a divided constant", NONE.divides(nh, 768), nh * (const(768) // nh), const(768), EQUAL),
    ("grouped heads", GROUPS, kv * (nh // kv) * (D // nh), D, EQUAL),
    ("grouped heads: kv divides the width", GROUPS, D % kv, const(0), EQUAL),
    ("eight divides, so four does", NONE.divides(8, a), 4 * (a // 4), a, EQUAL),
    ("eight divides a factor", NONE.divides(8, a), a * b % 8, const(0), EQUAL),
    ("two and three divide", NONE.divides(2, a).divides(3, a), a % 6, const(0), EQUAL),
    ("two divides a sum", NONE.divides(2, a + b), 2 * ((a + b) // 2), a + b, EQUAL),
    ("the rest of a division", NONE.equal(a % 4, 0), 4 * (a // 4), a, EQUAL),
    ("patches", PATCHES, (H // ps) * (W // ps), P, EQUAL),
    ("patches in a product", PATCHES, B * (H // ps) * (W // ps) * D, B * P * D, EQUAL),
    ("equal products", NONE.equal(B * H, B * W), H, W, EQUAL),
    ("a sum", NONE.equal(a + b, C), C - a, b, EQUAL),
    ("a chain of equalities", NONE.equal(a, b).equal(b, C).equal(C, T), a, T, EQUAL),
    ("equal halves", NONE.equal(2 * a, 3 * b), a % 3, const(0), EQUAL),
    ("a bound decides a minimum", NONE.at_least(T, L), minimum(T, L), L, EQUAL),
    ("a bound forbids", NONE.at_least(T, L), T, L - 1, NEVER),
    ("a bound allows", NONE.at_least(T, L), T, L, DIFFERS),
    ("bounds on both sides", NONE.at_least(T, L).at_most(T, L), T, L, EQUAL),
    ("a difference", NONE.unequal(T, L), T, L, NEVER),
    ("a difference of multiples", NONE.unequal(2 * T, 2 * L), L, T, NEVER),
    ("equated to an unknown int: another free name", NONE.equal(C, n), T, C, DIFFERS),
    ("equated to an unknown int: it", NONE.equal(C, n), C, n, EQUAL),
    ("equated to an unknown int: another unknown", NONE.equal(C, n), C, m, MAYBE),
    ("equated to an unknown int: a constant", NONE.equal(C, n), C, const(3), MAYBE),
    ("equated to an opaque value", NONE.equal(C, opaque("f")), C, m, MAYBE),
    ("equated through another", NONE.equal(C, n).equal(T, C), T, m, MAYBE),
    ("a free part of a divided sum", NONE.divides(T, n + C), C, const(3), DIFFERS),
    ("an unknown part of a divided sum", NONE.divides(T, n + C), n, m, MAYBE),
    ("a quotient known", NONE.equal(H // 2, 7), H // 2, const(7), EQUAL),
    ("a quotient known: the size is not", NONE.equal(H // 2, 7), H, const(14), DIFFERS),
]


@pytest.mark.parametrize(("facts", "left", "right", "answer"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_comparison(facts: Facts, left: Dim, right: Dim, answer: Comparison) -> None:
    assert facts.compare(left, right) is answer
    assert facts.compare(right, left) is answer


@pytest.mark.parametrize(("facts", "left", "right", "answer"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_witness_is_found_exactly_where_sizes_may_differ(
    facts: Facts, left: Dim, right: Dim, answer: Comparison
) -> None:
    witness = facts.witness([(left, right)])
    if answer in (EQUAL, MAYBE):
        assert witness is None
    elif witness is not None:
        assert left.opaque or right.opaque or left.evaluate(witness) != right.evaluate(witness)
        spoken_of = [each for each in facts if each.symbols <= set(witness)]
        assert all(each.holds(witness) for each in spoken_of if not (each.left.opaque or each.right.opaque))
    else:
        assert left.value is not None or left.opaque or right.opaque


NORMALIZED = [
    (HEADS, nh * (D // nh), D),
    (HEADS, D, D),
    (HEADS, B * nh * (D // nh) + 1, B * D + 1),
    (NAMED_HEADS, nh * hd * B, B * D),
    (NONE.equal(nh * hd, D), D // nh, hd),
    (NONE.divides(8, a), 4 * (a // 4), a),
    (NONE.divides(8, a), a // 2, a // 2),
    (SIZES_768, B * C, 4 * C),
    (NONE.equal(T, L), minimum(T, L), symbol("T", scope=530)),
    (NONE, H // 2, H // 2),
]


@pytest.mark.parametrize(("facts", "d", "expected"), NORMALIZED, ids=shown)
def test_normalizing_keeps_the_authors_names(facts: Facts, d: Dim, expected: Dim) -> None:
    assert facts.normalize(d) is expected


CONTRADICTIONS = [
    NONE.equal(H, 4).equal(H, 5),
    NONE.equal(2 * H, 2 * W + 1),
    NONE.equal(H, 0),
    NONE.at_least(H, 4).at_most(H, 3),
    NONE.at_least(H, W).at_least(W, H + 1),
    NONE.unequal(H, H),
    NONE.equal(H, W).unequal(W, H),
    NONE.divides(4, 6),
    NONE.divides(0, H),
    NONE.divides(2, H).equal(H, 7),
    NONE.equal(H // 2, 3).equal(H, 9),
]


@pytest.mark.parametrize("facts", CONTRADICTIONS, ids=lambda facts: " and ".join(map(str, facts)))
def test_contradictions_are_seen(facts: Facts) -> None:
    assert facts.contradictory
    assert facts.witness([(H, C)]) is None
    assert facts.equal(B, 4).contradictory


def test_what_can_be_obeyed_is_no_contradiction() -> None:
    for _, facts, *_ in ROWS:
        assert not facts.contradictory


DIVISORS: list[tuple[Facts, Dim | int, Dim, bool]] = [
    (NONE, 2, 4 * H, True),
    (NONE, H, H * W, True),
    (NONE, 4, 2 * H, False),
    (NONE, nh, D, False),
    (NONE, 0, H, False),
    (HEADS, nh, D, True),
    (HEADS, nh, D * B, True),
    (HEADS, nh, D + nh, True),
    (HEADS, nh, D + 1, False),
    (GROUPS, kv, D, True),
    (NONE.divides(8, a), 4, a, True),
    (NONE.divides(8, a), 16, a, False),
    (NONE.equal(a, 12), 6, a, True),
]


@pytest.mark.parametrize(("facts", "k", "size", "holds"), DIVISORS, ids=shown)
def test_divisibility(facts: Facts, k: Dim | int, size: Dim, holds: bool) -> None:
    assert facts.holds_divides(k, size) is holds


BOUNDS: list[tuple[Facts, Dim, tuple[int | None, int | None]]] = [
    (NONE, H, (1, None)),
    (NONE, symbol("z", scope=530, minimum=0), (0, None)),
    (NONE, const(3), (3, 3)),
    (NONE, 3 - H, (None, 2)),
    (NONE, H - W, (None, None)),
    (NONE, D * nh - D, (0, None)),
    (NONE, (H + 1) * (W + 1) - H * W, (3, None)),
    (NONE, H % 4, (0, 3)),
    (NONE, H - H % 4, (0, None)),
    (NONE, H % 4 - 4, (-4, -1)),
    (NONE, H - H // 2, (1, None)),
    (NONE, nh * (D // nh) - D, (None, 0)),
    (NONE, D % nh, (0, None)),
    (NONE, D % nh - nh, (None, -1)),
    (NONE, maximum(H, 5), (5, None)),
    (NONE, minimum(H, 5), (1, 5)),
    (NONE, minimum(H, W) - H, (None, 0)),
    (NONE.at_least(H, 3), H, (3, None)),
    (NONE.at_most(H, 3), H, (1, 3)),
    (NONE.at_most(H, 3), H * 2 + 1, (3, 7)),
    (NONE.at_most(H, 9), H // 4, (0, 2)),
    (NONE.at_least(T, L), T - L, (0, None)),
    (NONE.at_least(T, L + 2), L - T, (None, -2)),
    (NONE.at_least(T, L).at_least(L, H), T - H, (0, None)),
    (NONE.equal(H, 4), H * W, (4, None)),
    (NONE, opaque("f"), (None, None)),
]


@pytest.mark.parametrize(("facts", "d", "bounds"), BOUNDS, ids=shown)
def test_bounds(facts: Facts, d: Dim, bounds: tuple[int | None, int | None]) -> None:
    assert facts.bounds(d) == bounds


def test_values() -> None:
    assert SIZES_768.value_of(B) == 4
    assert SIZES_768.value_of(nh * hd + B) == 772
    assert SIZES_768.value_of(nh) is None
    assert NONE.value_of(7) == 7


def test_facts_are_persistent() -> None:
    one = NONE.equal(B, 4)
    two, other = one.equal(C, 5), one.equal(C, 6)
    assert NONE.value_of(B) is None
    assert (two.value_of(C), other.value_of(C), one.value_of(C)) == (5, 6, None)
    assert one.equal(B, 4) is one
    assert one.equal(B, B) is one
    assert [str(each) for each in two.since(one)] == ["C == 5"]
    assert two.since(two) == ()
    assert [str(each) for each in two] == ["B == 4", "C == 5"]


def test_what_both_branches_say_and_what_either_says() -> None:
    trunk = NONE.equal(B, 4)
    left, right = trunk.equal(H, W).divides(2, H), trunk.divides(2, H).at_least(T, L)
    both, either = left.shared_with(right), left.also(right)
    assert {str(each) for each in both} == {"B == 4", "2 | H"}
    assert {str(each) for each in either} == {"B == 4", "2 | H", "H == W", "T >= L"}
    assert len(list(either)) == 4
    assert left.also(trunk) is left
    assert left.also(left) is left
    assert trunk.also(left).since(trunk) == left.since(trunk)
    assert NONE.also(left) is left
    assert left.shared_with(left) is left
    assert left.shared_with(trunk) is trunk
    assert list(Facts().equal(a, b).shared_with(Facts().equal(C, T))) == []


def test_a_name_that_one_branch_gave_to_a_size_stays_after_both() -> None:
    name, other = symbol("n", scope=532), symbol("m", scope=533)
    left, right = NONE.equal(H, 4).define(name, 2 * H), NONE.define(other, W + 1)
    both = left.shared_with(right)
    assert both.compare(name, 2 * H) is Comparison.EQUAL
    assert both.compare(other, W + 1) is Comparison.EQUAL
    assert both.compare(H, 4) is Comparison.DIFFERS


def test_a_long_history_is_no_recursion() -> None:
    facts = NONE
    for i in range(3000):
        facts = facts.at_least(symbol(f"x{i}", scope=531), 2)
    assert facts.bounds(symbol("x7", scope=531)) == (2, None)


@pytest.mark.parametrize("assume", [NONE.equal, NONE.divides, NONE.at_least, NONE.at_most, NONE.unequal])
def test_ints_are_sizes_too(assume: Callable[[int, Dim], Facts]) -> None:
    assert len(list(assume(4, H))) == 1


def test_what_was_asked_before_an_equality_is_not_remembered_after_it() -> None:
    first, second, other = (symbol(name, scope=4711) for name in ("first", "second", "other"))
    before = Facts()

    assert before.value_of(second) is None
    assert before.compare(second, first) is Comparison.DIFFERS
    after = before.equal(first, second)
    assert after.compare(second, first) is Comparison.EQUAL
    assert after.witness([(other, second)], first.symbols) is not None


def test_facts_say_all_of_others_where_each_of_these_is_assumed_on_whatever_path() -> None:
    before = Facts().unequal(H, W)
    here, there = before.equal(H, 1), before.equal(H, 2)
    assert here.say_all_of(before)
    assert here.say_all_of(here)
    assert not before.say_all_of(here)
    assert not here.say_all_of(there)
    assert here.divides(2, W).say_all_of(before.divides(2, W))
