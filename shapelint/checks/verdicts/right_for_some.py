"""Sizes that a comment says and the code does not give: whether they are right for some that a caller may give."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Problem
from shapelint.dims import Dim, Facts, as_fraction, const, dim, divisions, polynomial_quotient
from shapelint.interp.state.apart import Groups


def is_of_docstrings(size: Dim, groups: Groups) -> bool:
    """Whether nothing but docstrings speaks of a size."""
    places = groups.get(size, set())
    return bool(places) and all(place.startswith("('docstring'") for place in places)


def is_of_a_factor(judged: Judged, groups: Groups) -> bool:
    """Whether all that does not fit is a letter beside a multiple of it, where no tensor is told to have it for a dim.

    `(..., C, C)` of what the docstring tells to be `(..., (taps + 1) * C, (taps + 1) * C)`.
    """
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS or not match.wrong:
        return False
    pairs = [(match.shape.dims[index], size) for index, size in match.wrong]
    return all(
        said.by_comments
        and said.size is not None
        and said.size.as_symbol is not None
        and not any(not place.startswith("('claim'") for place in groups.get(said.size, ()))
        and polynomial_quotient(size, said.size) is not None
        for said, size in pairs
    )


def is_left_by_a_view(judged: Judged, facts: Facts) -> bool:
    """Whether a claim is right where two sizes are equal, by one of which a view divides what it leaves for its -1.

    `x.reshape(num_graphs, -1)  # (B, N*D)` of an `x` of (B, N, D): who wrote it takes them for one.
    """
    wrong = wrong_sizes(judged)
    divisors = {divisor for _, size in wrong for divisor, _ in divisions(size)}
    taken = [(own, size) for own, size in wrong if size in divisors and own is not None and own.as_symbol is not None]
    for own, size in taken:
        facts = facts.equal(own, size)
    return bool(taken) and not facts.contradictory and hold(facts, wrong)


def is_left_of_a_letter(judged: Judged, facts: Facts, groups: Groups) -> bool:
    """Whether a claim is right for some size of an input for which a docstring alone has a letter, and of which a view
    makes rows: `points.reshape(n, -1)` is (n, n) where a caller gives n*n of them."""
    wrong = wrong_sizes(judged)
    for own, size in wrong:
        above, below = as_fraction(size) or (size, const(1))
        if own is None or above.as_symbol is None or not below.symbols or not is_of_docstrings(above, groups):
            return False
        facts = facts.equal(above, own * below)
    return bool(wrong) and hold(facts, wrong)


def holds_for_odd_sizes(judged: Judged, facts: Facts, groups: Groups) -> bool:
    """Whether a claim is right where its sizes are odd: what is half of a width on both sides, and one between them."""
    wrong = wrong_sizes(judged)
    for own, _ in wrong:
        if own is None or own.as_symbol is None or any("axes" in place for place in groups.get(own, ())):
            return False
        facts = facts.divides(2, own - 1)
    return bool(wrong) and hold(facts, wrong)


def is_cut_short(judged: Judged, facts: Facts) -> bool:
    """Whether a claim has a number of an example where a slice asks for more places: Python cuts that short."""
    match = judged.match
    if match is None or match.shape is None or match.given is None or match.problem is not Problem.DIMS:
        return False
    said, reached = Facts(), list(facts.reached())
    sizes = match.given.dims if match.given.known and len(match.given.dims) == len(match.shape.dims) else ()
    for each, size in zip(match.shape.dims, sizes, strict=False):
        if each.size is not None and each.size.value is not None and size.value is None:
            said = said.equal(size, each.size)
    for index, size in match.wrong:
        own = match.shape.dims[index].size
        if own is not None and own.value is not None and size.value is not None and own.value < size.value:
            return any(end is size for _, end in reached)
    return not said.contradictory and any((said.upper(size - end) or 0) < 0 for size, end in reached)


def is_for_a_caller_to_give(judged: Judged, facts: Facts) -> bool:
    """Whether the first dim does not fit, is what is left by a size that no tensor has, and all would be right for one
    such size.

    `x.view(-1, self.flat)` of a `(B, C, H, W)` is `(B, flat)` where a caller gives `C*H*W` for it.
    """
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS or not match.wrong:
        return False
    pairs = [(match.shape.dims[index].size, size) for index, size in match.wrong]
    own, fraction = pairs[0][0], as_fraction(pairs[0][1])
    if match.wrong[0][0] or own is None or fraction is None:
        return False
    above, below = fraction
    for symbol in below.symbols - above.symbols - own.symbols:
        rest = polynomial_quotient(below, dim(symbol))
        given = polynomial_quotient(above, own * rest) if rest is not None else None
        if given is not None and given.symbols and hold(facts.equal(dim(symbol), given), pairs[1:]):
            return True
    return False


def may_hold_for_a_divisor(judged: Judged, facts: Facts) -> bool:
    """Whether the first dim does not fit, and is right for a size that a caller gives, by which a view divides.

    `x[i : i + n].view(-1, hw)` for each part of a `(B, H, W)` makes B rows together where `hw` is `H*W`.
    """
    match, wrong = judged.match, wrong_sizes(judged)
    if match is None or match.problem is not Problem.DIMS or not wrong or match.wrong[0][0]:
        return False
    own, size = wrong[0]
    for divisor, dividend in divisions(size):
        one = divisor.as_symbol
        if own is None or one is None or not one.free or one in own.symbols or len(dividend.terms) != 1:
            continue
        for atom in dividend.atoms - divisor.atoms:
            given = polynomial_quotient(dividend, atom.dim)
            known = facts.equal(divisor, given) if given is not None and given.symbols else None
            if known is None or known.contradictory:
                continue
            for by, of in divisions(known.normalize(size)):  # as often as a part fits in
                known = known.divides(by, of)
            if hold(known, wrong):
                return True
    return False


def wrong_sizes(judged: Judged) -> list[tuple[Dim | None, Dim]]:
    """The claimed sizes that do not fit, each with the one of the code; none where more than sizes does not fit."""
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS:
        return []
    return [(match.shape.dims[index].size, size) for index, size in match.wrong]


def hold(facts: Facts, pairs: Sequence[tuple[Dim | None, Dim]]) -> bool:
    """Whether sizes that do not contradict each other are those that are said."""
    return not facts.contradictory and all(own is not None and facts.is_equal(own, size) for own, size in pairs)


def takes_one_item(judged: Judged) -> bool:
    """Whether nothing but the batch does not fit, for which a comment within a branch writes 1: `(1, out_dim)` where
    a model is asked for one sequence."""
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS or len(match.shape.dims) < 2:
        return False
    own = match.shape.dims[0].size
    is_first = [index for index, _ in match.wrong] == [0] and match.shape.rest is None
    return is_first and own is not None and own.value == 1 and match.wrong[0][1].as_symbol is not None


def takes_it_for_square(judged: Judged) -> bool:
    """Whether all that does not fit is a letter of comments that stands for both sides of a plane, `(B, grid, grid)`
    of `H//patch` and `W//patch`: its author takes pictures to be square."""
    match = judged.match
    if match is None or match.shape is None or not match.wrong:
        return False
    if not all(match.shape.said_again(index) for index, _ in match.wrong):
        return False
    pairs = [(match.shape.dims[index], size) for index, size in match.wrong]
    return all(
        dim.letter is not None
        and dim.size is not None
        and (_are_alike(dim.size, size) or _are_sides_of(dim.letter, dim.size, size))
        for dim, size in pairs
    )


def _are_sides_of(name: str, one: Dim, other: Dim) -> bool:
    """Whether two sizes are called after a name: `size_h` and `size_w` of a `size`."""
    return all(side.as_symbol is not None and side.as_symbol.name.startswith(f"{name}_") for side in (one, other))


def _are_alike(one: Dim, other: Dim) -> bool:
    """Whether two sizes are made in the same way of one size each, beside what both are made of."""
    mine, its = one.symbols - other.symbols, other.symbols - one.symbols
    if one.as_symbol is not None or len(mine) != 1 or len(its) != 1:
        return False
    return one.subs({next(iter(mine)): dim(next(iter(its)))}) is other
