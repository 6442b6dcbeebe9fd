"""Witnesses: sizes that obey every fact, make a pair differ, and are easy to read."""

from __future__ import annotations

import pytest
from random_sizes import only_symbol

from shapelint.dims import Dim, Facts, const, maximum, opaque, symbol

NAMES = ("B", "C", "T", "H", "W", "I", "L", "D", "nh", "hd", "ps", "P", "k", "s")
B, C, T, H, W, I, L, D, nh, hd, ps, P, k, s = (symbol(name, scope=540) for name in NAMES)
n, m = symbol("n", scope=540, free=False), symbol("m", scope=540, free=False)
NONE = Facts()


def named(witness: dict[object, int] | None) -> dict[str, int] | None:
    return None if witness is None else {symbol.name: size for symbol, size in witness.items()}  # type: ignore[attr-defined]


READABLE = [
    ("nothing assumed", NONE, [(C, H * W)], {"C": 2, "H": 3, "W": 5}),
    ("a constant", NONE.equal(B, 4), [(B * C, 2 * C)], {"B": 4, "C": 2}),
    ("a divisor", NONE.divides(nh, D), [(D, nh)], {"D": 6, "nh": 2}),
    ("named heads", NONE.divides(nh, D).equal(hd, D // nh), [(hd, D)], {"D": 6, "nh": 2, "hd": 3}),
    ("a product of sizes", NONE.equal(nh * hd, D), [(hd, D)], {"D": 6, "nh": 2, "hd": 3}),
    ("a sum", NONE.equal(H + W, C), [(C, H)], None),
]


@pytest.mark.parametrize(("facts", "pairs", "sizes"), [row[1:] for row in READABLE], ids=[row[0] for row in READABLE])
def test_small_different_sizes_are_preferred(
    facts: Facts, pairs: list[tuple[Dim, Dim]], sizes: dict[str, int] | None
) -> None:
    found = named(facts.witness(pairs))  # type: ignore[arg-type]
    assert found is not None
    if sizes is not None:
        assert found == sizes


HARD = [
    ("patches", NONE.equal((H // ps) * (W // ps), (I // ps) ** 2).equal(P, (I // ps) ** 2), [(P, H)]),
    ("a constant product", NONE.equal(nh * hd, 768), [(nh, hd)]),
    ("two divisors", NONE.divides(nh, D).divides(k, D), [(D // nh, D // k)]),
    ("two divisors and bounds", NONE.divides(nh, D).divides(k, D).at_least(D, 64).at_most(nh, 8), [(D // nh, k)]),
    ("a window", NONE.equal(P, (H - k) // s + 1).at_least(H, k), [(P, H)]),
    ("a large least size", NONE.at_least(T, 1024), [(T, C)]),
    ("a large constant", NONE.equal(T, 50257).equal(C, T + 1), [(C, H)]),
    ("an order", NONE.at_least(T, L).at_least(L, H + 3), [(T, L)]),
    ("a difference", NONE.unequal(C, 2).unequal(C, 3).unequal(C, H), [(C, H * W)]),
    ("a quotient known", NONE.equal(H // 2, 7), [(H, const(14))]),
    ("a rest known", NONE.equal(H % 8, 3), [(H, const(3))]),
    ("a square", NONE.equal(L, H * H), [(L, W)]),
    ("doubles", NONE.equal(2 * H, 3 * W), [(H, W)]),
    ("a greatest", NONE.equal(L, maximum(H, W)), [(L, H)]),
    ("the second pair", NONE.equal(H, W), [(H, W), (B, C)]),
    ("a constant pair", NONE.equal(H, W), [(const(2), const(3))]),
    (
        "patches of an image that a convolution made",
        NONE.equal(H, (I - k) // s + 1).equal(P, (H // ps) ** 2),
        [(P, ps)],
    ),
    ("two convolutions", NONE.equal(H, (I - k) // s + 1).equal(T, (H - k) // s + 1).equal(L, T // ps), [(L, ps)]),
]


@pytest.mark.parametrize(("facts", "pairs"), [row[1:] for row in HARD], ids=[row[0] for row in HARD])
def test_a_witness_obeys_every_fact_and_makes_a_pair_differ(facts: Facts, pairs: list[tuple[Dim, Dim]]) -> None:
    assert not facts.contradictory
    mention = {symbol for each in facts for symbol in each.symbols}
    witness = facts.witness(pairs, mention)
    assert witness is not None
    assert set(witness) >= mention.union(*(left.symbols | right.symbols for left, right in pairs))
    assert all(each.holds(witness) for each in facts)
    assert all(size >= symbol.minimum for symbol, size in witness.items())
    assert any(left.evaluate(witness) != right.evaluate(witness) for left, right in pairs)


GENERIC = [row for row in HARD if row[0] not in ("a constant pair",)]


@pytest.mark.parametrize(("facts", "pairs"), [row[1:] for row in GENERIC], ids=[row[0] for row in GENERIC])
def test_no_size_is_1_without_need(facts: Facts, pairs: list[tuple[Dim, Dim]]) -> None:
    witness = facts.witness(pairs)
    assert witness is not None
    assert min(witness.values()) > 1


NO_WITNESS = [
    ("nothing asked", NONE, []),
    ("equal", NONE, [(H, H)]),
    ("equal under the facts", NONE.equal(H, W), [(H, W)]),
    ("contradictory", NONE.equal(H, 4).equal(H, 5), [(H, W)]),
    ("unknown ints", NONE, [(n, m)]),
    ("unknown factors", NONE, [(T * n, T * m)]),
    ("a factor that may be 0", NONE, [(T * (n - m), const(0))]),
    ("an unknown int that may be the constant", NONE, [(n, const(7))]),
    ("equated to an unknown int", NONE.equal(C, n), [(C, m)]),
    ("equated to an opaque value", NONE.equal(C, opaque("f", H)), [(C, const(3))]),
    ("opaque", NONE, [(opaque("f"), opaque("g"))]),
    ("divisions by unknown ints", NONE, [(T // n, T // m)]),
    ("a division by an unknown int, which may be 1", NONE, [(T // n, T)]),
    ("a division by an unknown int, which may be 3", NONE, [(T // n, T // 3)]),
    ("a rest by an unknown int, which may be large", NONE, [(const(4) % (n * T), const(4))]),
    ("a product with an unknown int, which may be 1", NONE, [(T * n, T)]),
    ("an unknown int that a free one divides", NONE.divides(T, n), [(n, m)]),
    ("an unknown int in a sum that is divided", NONE.divides(T, n + C), [(n, m)]),
    ("a divisor of an unknown int", NONE.divides(T, n), [(T, const(3))]),
    ("a quotient of unknown ints", NONE.divides(m, n), [(n // m, const(3))]),
    ("a rounded sum with an unknown int", NONE, [(T // n * n - T // n * m, const(0))]),
    ("no sizes left", NONE.at_least(H, 1).at_most(H, 1), [(H, const(1))]),
]


@pytest.mark.parametrize(("facts", "pairs"), [row[1:] for row in NO_WITNESS], ids=[row[0] for row in NO_WITNESS])
def test_no_witness(facts: Facts, pairs: list[tuple[Dim, Dim]]) -> None:
    assert facts.witness(pairs) is None


def test_a_goal_that_facts_leave_without_a_value_gives_no_false_witness() -> None:
    facts = NONE.equal(H, W)
    for goal in (L // (H % W), (H // H) // (W % H), L % (H - W + k - k + W % H)):
        witness = facts.witness([(D, goal)])
        assert witness is None or all(each.holds(witness) for each in facts)


def test_every_symbol_mentioned_has_a_size() -> None:
    witness = NONE.equal(L, 2 * T).witness([(H, W)], [only_symbol(L)])
    assert witness is not None
    assert {symbol.name for symbol in witness} == {"H", "W", "L", "T"}
    assert witness[only_symbol(L)] == 2 * witness[only_symbol(T)]


def test_unknown_ints_have_a_size_in_a_witness_too() -> None:
    assert named(NONE.witness([(T, m)])) == {"T": 3, "m": 2}  # type: ignore[arg-type]


def test_the_search_is_deterministic() -> None:
    facts, pairs = NONE.divides(nh, D).at_least(T, L), [(D * T, nh * L)]
    again = Facts().divides(nh, D).at_least(T, L)
    assert facts.witness(pairs) == again.witness(pairs)


def test_what_tensors_broadcast_to_is_one_of_their_sizes() -> None:
    h, w, b, t = (symbol(name, scope=541, free=False) for name in ("h", "w", "b", "t"))
    together = opaque("broadcast", n, b) * opaque("broadcast", h * w, t)
    witness = named(NONE.equal(together, n * h * w).witness([(const(0), const(1))], [only_symbol(n)]))
    assert witness is not None
    assert witness["n"] == witness["b"]
    assert witness["h"] * witness["w"] == witness["t"]
