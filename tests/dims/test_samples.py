"""What sizes disprove, a bound may not claim; the sizes keep within what is known."""

import pytest

from shapelint.dims import const, dim, opaque, symbol
from shapelint.dims.bounds import Bounds
from shapelint.dims.facts import Facts
from shapelint.dims.samples import NO_USE, least_sampled, samples

N, M, K = symbol("N"), symbol("M"), symbol("K")


@pytest.mark.parametrize(
    ("size", "disproved"),
    [(N - M, True), (M - N, True), (N * M - K, True), (K - N * M, True), (N * M + K, False), (N + M - 2, False)],
)
def test_a_size_of_either_sign_is_seen_to_be_so(size, disproved):
    least = least_sampled(size, samples({}, ()))
    assert least is not None
    assert (least < 0) is disproved


def test_samples_keep_within_limits_and_relations():
    limits = {N.as_symbol: (3, 5), next(iter((M // 2).atoms)): (2, None)}
    known = (K - N,)
    found = samples(limits, known)
    assert all(3 <= N.evaluate(sample) <= 5 for sample in found)
    assert all((M // 2).evaluate(sample) >= 2 and K.evaluate(sample) >= N.evaluate(sample) for sample in found)


@pytest.mark.parametrize(
    ("size", "least", "known"),
    [(N, 1, True), (N * M - 1, 0, True), (N - M, 0, False), (N + M, 3, False), (N // 2, 0, True), (N // 2, 1, False)],
)
def test_what_is_known_to_be_at_least_so_much(size, least, known):
    assert Bounds({}, ()).is_at_least(size, least) is known
    assert not known or (Bounds({}, ()).lower(dim(size)) or 0) >= least


def test_facts_joined_twice_are_one():
    a, b = Facts.EMPTY.at_least(N, 4), Facts.EMPTY.at_least(M, N)
    assert a.also(b) is a.also(b)
    assert a.also(b).at_most(M, 3).contradictory


def test_a_bound_lives_on_where_a_rule_rewrites_another():
    facts = Facts.EMPTY.at_least(N, M + 2).at_least(K, 7).equal(M, 5)
    assert facts.bounds(N)[0] == 7
    assert facts.bounds(K)[0] == 7
    assert facts.at_most(K, 6).contradictory


def test_symbols_are_raised_until_what_is_known_holds():
    known = (K - 2 * N - 3, N - M, M - 5)
    found = samples({}, known)
    assert len(found) == len(samples({}, ()))
    assert all(size.evaluate(sample) >= 0 for size in known for sample in found)


def test_what_no_sizes_obey_ends_the_raising():
    assert samples({}, (N - M * M - 1, M - N * N - 1)) == []


def test_a_size_without_a_least_value_is_seen_to_have_no_bound_of_use():
    assert least_sampled(K - N * M, samples({}, (N - M,))) < NO_USE


def test_quotients_of_samples():
    bounds = Bounds({}, ())
    assert bounds.quotients_sampled(N, N + 1) == {0}
    assert len(bounds.quotients_sampled(N, M)) > 1
    assert bounds.quotients_sampled(opaque("data"), N) == set()  # of which nothing can be told
    assert N // (N + 1) is const(0)
