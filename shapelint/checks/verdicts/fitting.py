"""Whether one claimed dim surely fits the size in its place, or surely does not."""

from __future__ import annotations

from shapelint.checks.verdicts.exactness import all_exact, exact_divisions, when_exact
from shapelint.checks.verdicts.filling import filled_sizes, when_filled
from shapelint.checks.verdicts.pairs import is_unnamed
from shapelint.dims import Comparison, Dim, Facts, branches, rounded_divisions, symbol
from shapelint.interp.objects.rows import is_count_of
from shapelint.interp.state.events import ClaimedDim


def surely_fits(dim: ClaimedDim, size: Dim, facts: Facts) -> str | None:
    """The condition under which a claimed dim fits a size, often none (""); None where it is not known to fit.

    No sizes are sought by which it would not.
    """
    if dim.choices:
        return "" if any(facts.is_equal(choice, size) for choice in dim.choices) else None
    if dim.size is None:
        return None if dim.unresolved else ""
    if dim.fresh is not None and _is_unknown(dim.size):
        return ""  # a letter defined by a value that the code leaves open is what it meets
    if facts.is_equal(dim.size, size) or _counts(size, dim.size):
        return ""
    if dim.exact:
        exact = all_exact(facts, dim.exact)
        if not exact.contradictory and exact.is_equal(dim.size, size):
            return when_exact(dim.exact)
    if any(factor < 0 for factor in dim.size.terms.values()):  # it is claimed to be a size, and so is no less than 0
        counted = facts.at_least(dim.size, 0)
        if not counted.contradictory and counted.is_equal(dim.size, size):
            return ""
    coming_out = exact_divisions(dim, size, facts)
    if (
        coming_out
        and all(_is_divided_so(dim, one) for one in rounded_divisions(facts.resolved(size)) if one in coming_out)
        and not any(is_unnamed(one) for division in coming_out for one in division)
    ):
        return when_exact(coming_out)
    filling = filled_sizes(dim, size, facts)
    return when_filled(filling) if filling else None


def is_no_fit(dim: ClaimedDim, size: Dim, facts: Facts) -> bool:
    """Whether a claimed dim that does not surely fit a size is known not to."""
    if dim.choices:
        return Comparison.MAYBE not in [facts.compare(choice, size) for choice in dim.choices]
    if dim.size is None:
        return False
    answer = facts.compare(dim.size, size)
    if answer is Comparison.MAYBE or (answer is Comparison.DIFFERS and _alike_by_name(dim.size, size)):
        return False
    if _differ_in_case(facts.resolved(dim.size), facts.resolved(size)):
        return False
    named = size.as_symbol
    if dim.joined and (
        not dim.size.symbols <= size.symbols if named is None else named not in dim.size.symbols and named.name != "_"
    ):
        return False  # `CW` may be C*W as well as the width of a crop, `WT` what tokens there are in a row of W
    if any(facts.is_equal(dim.size, branch) for branch in branches(facts.normalize(size))):
        return False  # the author may know which of two sizes is the smaller one
    return not exact_divisions(dim, size, facts)


def _is_divided_so(dim: ClaimedDim, division: tuple[Dim, Dim]) -> bool:
    """Whether who claims a size divides what is divided in it, too, by a part of that: `d/2` of `2*((d + 3)//4)`."""
    divisor, dividend = division
    return any(dividend is own and by.value and divisor.value and not divisor.value % by.value for by, own in dim.exact)


def _is_unknown(size: Dim) -> bool:
    return size.as_symbol is not None and not size.as_symbol.free


def _counts(size: Dim, said: Dim) -> bool:
    """Whether a size is how many items there are of what a comment names: `len(self.classes)` in `(B, classes)`."""
    return said.as_symbol is not None and is_count_of(size, said.as_symbol.name)


def _alike_by_name(a: Dim, b: Dim) -> bool:
    """Whether two sizes read the same, `dim` and `config.dim`: who gives one name to two sizes takes them for equal."""
    return bool(a.symbols) and _last_names(a) is _last_names(b)


def _differ_in_case(a: Dim, b: Dim) -> bool:
    """Whether two sizes that a caller chooses go by one letter, `B` of one input and `b` of another."""
    one, other = a.as_symbol, b.as_symbol
    if one is None or other is None or not (one.free and other.free) or one.name == other.name:
        return False
    return one.name.casefold() == other.name.casefold()


def _last_names(size: Dim) -> Dim:
    return size.subs({one: symbol(one.name.split(".")[-1], scope=-1) for one in size.symbols})
