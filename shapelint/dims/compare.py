"""The four answers of a comparison of two sizes, and how one is found."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from shapelint.dims.assumption import Assumption
from shapelint.dims.expr import Dim
from shapelint.dims.rigor import rigorous
from shapelint.dims.solved import Solved
from shapelint.dims.witness import is_freely_varied, search


class Comparison(Enum):
    """How two sizes stand to each other under some facts."""

    EQUAL = "equal"  # their difference is 0
    NEVER = "never"  # their difference is never 0
    DIFFERS = "differs"  # a caller can choose sizes under which they differ
    MAYBE = "maybe"  # none of these was found


def decide_certain(solved: Solved, difference: Dim) -> Comparison | None:
    """EQUAL or NEVER where one of them is sure, without a search for sizes; else None."""
    if is_zero(solved, difference):
        return Comparison.EQUAL
    return Comparison.NEVER if solved.is_never_zero(solved.reduce(difference)) else None


def is_zero(solved: Solved, difference: Dim) -> bool:
    """Whether two sizes whose difference is given are always equal."""
    reduced = solved.reduce(difference)
    return solved.is_zero(reduced) or solved.is_zero(rigorous(reduced))


def decide(solved: Solved, assumptions: Sequence[Assumption], difference: Dim) -> Comparison:
    """The answer for two sizes whose difference is given."""
    certain = decide_certain(solved, difference)
    if certain is not None:
        return certain
    if solved.contradictory:
        return Comparison.MAYBE
    reduced = solved.reduce(difference)
    if is_freely_varied(solved, reduced) or search(solved, assumptions, [difference], ()) is not None:
        return Comparison.DIFFERS
    return Comparison.MAYBE
