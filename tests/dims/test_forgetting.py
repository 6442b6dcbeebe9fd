"""Sizes and facts of a file that is done with are freed at once, and not only where the collector looks for them."""

from __future__ import annotations

import gc
import weakref

from shapelint.dims import Facts, forget_sizes, opaque, symbol


def test_what_was_found_of_sizes_is_forgotten() -> None:
    forget_sizes()
    gc.disable()
    try:
        n, m = symbol("n", scope=-77), symbol("m", scope=-77)
        facts = Facts.EMPTY.equal(n * 2 - m, 6).equal(m * n, 12)
        other = Facts.EMPTY.at_least(n, m)
        assert not other.rules_out(facts.also(other))
        assert facts.compare(n + m, m * 3 + 1)
        left = weakref.ref((n + m * 5) - n * m)
        assert left() is not None
        del facts, other, n, m
        forget_sizes()
        assert left() is None
    finally:
        gc.enable()


def test_facts_of_other_sizes_can_hold_beside_each_other() -> None:
    a, b = symbol("a", scope=-78), symbol("b", scope=-78)
    ours, theirs = Facts.EMPTY.equal(a, 3), Facts.EMPTY.equal(b, 4)
    assert not ours.rules_out(theirs)
    assert ours.rules_out(theirs.equal(a, 5))
    assert ours.rules_out(theirs.equal(b, 5))  # which nothing obeys


def test_facts_of_one_unknown_value_are_held_against_each_other() -> None:
    value = opaque("read()")
    assert Facts.EMPTY.equal(value, 3).rules_out(Facts.EMPTY.equal(value, 4))
