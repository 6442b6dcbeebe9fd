"""Random facts against all small sizes: no answer may be contradicted by sizes that obey the facts."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from random_sizes import DIVISIONS, NAMES, RING, SIZES, as_dim, as_int, env_of, texts

from shapelint.dims import Comparison, Dim, Facts, Relation

Stated: TypeAlias = "tuple[Relation, str, str]"
GRID = [dict(zip(NAMES, sizes, strict=True)) for sizes in itertools.product(range(1, 10), repeat=len(NAMES))]
SHORT = texts((*RING, DIVISIONS[0]), leaves=3)
STATED = st.lists(st.tuples(st.sampled_from(Relation), SHORT, SHORT), min_size=1, max_size=3)


def either(facts: Facts, a: Dim, b: Dim) -> Facts:
    return facts.either([(a, b), (a, b + 1)])


def assumed(stated: list[Stated]) -> Facts:
    facts = Facts()
    for relation, left, right in stated:
        a, b = as_dim(left, SIZES), as_dim(right, SIZES)
        assume(a is not None and b is not None)
        assert a is not None
        assert b is not None
        ways: dict[Relation, Callable[[Dim, Dim], Facts]] = {
            Relation.EQUAL: facts.equal,
            Relation.DIVIDES: facts.divides,
            Relation.AT_LEAST: facts.at_least,
            Relation.UNEQUAL: facts.unequal,
            Relation.REACHES: facts.reaches,
            Relation.FILLS: facts.fills,
            Relation.EITHER: partial(either, facts),
        }
        facts = ways[relation](a, b)
    return facts


def is_true(stated: Stated, sizes: dict[str, int]) -> bool:
    relation, left, right = stated
    if relation is Relation.FILLS:
        return True  # it says nothing of the sizes
    a, b = as_int(left, sizes), as_int(right, sizes)
    if a is None or b is None:
        return False
    if relation is Relation.DIVIDES:
        return a != 0 and b % a == 0
    if relation is Relation.EITHER:
        return a in (b, b + 1)
    if relation in (Relation.AT_LEAST, Relation.REACHES):
        return a >= b
    return a == b if relation is Relation.EQUAL else a != b


def obeying(stated: list[Stated]) -> list[dict[str, int]]:
    return [sizes for sizes in GRID if all(is_true(each, sizes) for each in stated)]


@settings(max_examples=120, deadline=None)
@given(STATED, texts(leaves=4), texts(leaves=4))
@example([(Relation.DIVIDES, "b", "-1")], "(a // b)", "a")
def test_no_answer_is_contradicted_by_sizes(stated: list[Stated], left: str, right: str) -> None:
    facts, a, b = assumed(stated), as_dim(left, SIZES), as_dim(right, SIZES)
    assume(a is not None and b is not None)
    assert a is not None
    assert b is not None
    possible = obeying(stated)
    if facts.contradictory:
        assert possible == []
        return
    answer, normal, (low, high) = facts.compare(a, b), facts.normalize(a), facts.bounds(a)
    for sizes in possible:
        x, y = as_int(left, sizes), as_int(right, sizes)
        if x is None or y is None:
            continue
        assert not (answer is Comparison.EQUAL and x != y)
        assert not (answer is Comparison.NEVER and x == y)
        assert normal.opaque or normal.evaluate(env_of(SIZES, sizes)) == x
        assert low is None or low <= x
        assert high is None or x <= high


@settings(max_examples=120, deadline=None)
@given(STATED, texts(leaves=4), texts(leaves=4))
def test_a_witness_obeys_the_facts_and_differs(stated: list[Stated], left: str, right: str) -> None:
    facts, a, b = assumed(stated), as_dim(left, SIZES), as_dim(right, SIZES)
    assume(a is not None and b is not None)
    assert a is not None
    assert b is not None
    witness = facts.witness([(a, b)], [SIZES[name].as_symbol for name in NAMES])  # type: ignore[misc]
    if witness is None:
        return
    sizes = {symbol.name: size for symbol, size in witness.items()}
    assert all(size >= 1 for size in sizes.values())
    assert [each for each in stated if not is_true(each, sizes)] == []
    assert as_int(left, sizes) != as_int(right, sizes)


@settings(max_examples=60, deadline=None)
@given(STATED)
def test_each_assumption_holds_under_the_facts(stated: list[Stated]) -> None:
    facts = assumed(stated)
    if facts.contradictory:
        return
    for each in facts:
        answer = facts.compare(each.left, each.right)
        if each.relation is Relation.EQUAL:
            assert answer is not Comparison.NEVER
            assert facts.witness([(each.left, each.right)]) is None
        if each.relation is Relation.UNEQUAL:
            assert answer is not Comparison.EQUAL


def test_what_is_assumed_is_mostly_seen_again() -> None:
    """A measure, for facts of the kinds that code states: how many equalities compare EQUAL afterwards."""
    kinds = ["a*b", "a+b", "2*a", "a//2", "b//2", "a//c", "a-b", "3*c", "a*a", "c+1", "(a-b)//c+1", "a%2", "max(a, b)"]
    seen = [
        Facts().equal(d, e).compare(d, e) is Comparison.EQUAL
        for left, right in itertools.combinations(kinds, 2)
        for d, e in [(as_dim(left, SIZES), as_dim(right, SIZES))]
        if d is not None and e is not None and not Facts().equal(d, e).contradictory
    ]
    assert len(seen) > 50
    assert seen.count(False) == 0
