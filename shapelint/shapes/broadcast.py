"""The one broadcasting rule: the shape that two shapes give together, and what must be equal for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shapelint.dims import Dim, Facts, const, dim, divisions, opaque
from shapelint.shapes.shape import Run, Shape, first_cause

SPREAD = "broadcast"
"""What the size that two make together is called where neither is known to be 1, nor the other one."""


@dataclass(frozen=True, slots=True)
class Together:
    """What broadcasting gives: the shape, the pairs of sizes that must be equal, and those that can never fit.

    `filled` are the pairs of a size that only data tell, and the one that it is unless it is 1.
    """

    shape: Shape
    equal: tuple[tuple[Dim, Dim], ...] = ()
    conflict: tuple[Dim, Dim] | None = None
    axis: int = 0  # of the conflict, from the end: -1 is the last
    filled: tuple[tuple[Dim, Dim], ...] = ()


def broadcast(a: Shape, b: Shape, facts: Facts) -> Together:
    """The broadcast of two shapes. https://docs.pytorch.org/docs/stable/notes/broadcasting.html

    A named size is never silently taken to be 1. Sizes that a caller may choose must be equal; a size of unknown
    origin takes the other's place without any claim that they are equal, since it may be 1.
    """
    if a.run is None and b.run is None:
        return _known(a.front, b.front, facts)
    if a == b:
        return Together(a)
    return _open(a, b, facts)


def _known(a: tuple[Dim, ...], b: tuple[Dim, ...], facts: Facts) -> Together:
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    lead = len(longer) - len(shorter)
    out, equal = list(longer[:lead]), []
    filled: list[tuple[Dim, Dim]] = []
    for position, (x, y) in enumerate(zip(longer[lead:], shorter, strict=True)):
        size, needed = _one(x, y, facts)
        if size is None:
            return Together(Shape(longer), (), (x, y) if longer is a else (y, x), position - len(shorter))
        out.append(size)
        if needed:
            equal.append((x, y) if longer is a else (y, x))
        filled += [(data, other) for data, other in ((x, y), (y, x)) if is_told_by_data(data) and size is other]
    return Together(Shape(tuple(out)), tuple(equal), filled=tuple(filled))


def is_told_by_data(size: Dim) -> bool:
    """Whether it is a number that stands in a tensor, or was made of such: the longest of some lengths."""
    told = size.as_symbol
    return told is not None and not told.free and told.minimum < 0


def _one(x: Dim, y: Dim, facts: Facts) -> tuple[Dim | None, bool]:
    """The size that two dims give (None: they never fit) and whether they must be equal for it."""
    if x is y or facts.value_of(y) == 1:
        return x, False
    if facts.value_of(x) == 1:
        return y, False
    answer = facts.equality(x, y)
    if answer is True:
        return (y, False) if x.value is not None else (x, False)
    if answer is False:
        if not _chosen(x) or not _chosen(y) or _may_be_one_part(x, facts) or _may_be_one_part(y, facts):
            return opaque(SPREAD, x, y), False
        if any(
            (_is_unnamed(size) or _is_cut_off_one(size)) and facts.equality(size, const(1)) is not False
            for size in (x, y)
        ):
            return opaque(SPREAD, x, y), False
        if _is_one_where_odd(x, facts) or _is_one_where_odd(y, facts):
            return opaque(SPREAD, x, y), False
        if facts.order_is_assumed(x, y) and any(facts.equality(size, const(1)) is not False for size in (x, y)):
            return opaque(SPREAD, x, y), False
        return None, False
    if not _chosen(x):
        return (y, False) if _chosen(y) else (opaque(SPREAD, x, y), False)
    if not _chosen(y):
        return x, False
    return (y if x.value is not None and y.value is None else x), True


def _is_unnamed(size: Dim) -> bool:
    """Whether a size is one that nobody has spoken of, so that nobody has taken it for more than 1 either."""
    return size.as_symbol is not None and size.as_symbol.name == "_"


def _is_cut_off_one(size: Dim) -> bool:
    """Whether a size is what a slice leaves of one that nobody named: `x[..., 2:]` of three coordinates is 1."""
    return (
        len(size.symbols) == 1
        and all(symbol.name == "_" for symbol in size.symbols)
        and (size - dim(next(iter(size.symbols)))).value is not None
    )


def _chosen(size: Dim) -> bool:
    return all(symbol.free for symbol in size.symbols) and not size.opaque


def _may_be_one_part(size: Dim, facts: Facts) -> bool:
    """Whether a size is a part of one that nobody named, and may be 1: three pieces may be of three places."""
    divided = any(atom.inner for atom in size.atoms)
    unnamed = all(symbol.name == "_" for symbol in size.symbols)
    return divided and unnamed and facts.equality(size, const(1)) is not False


def _is_one_where_odd(size: Dim, facts: Facts) -> bool:
    """Whether a size is 1 for every odd kernel: a place that is convolved with a padding of half of the kernel."""
    halved = [
        dividend for divisor, dividend in divisions(size) if divisor.value == 2 and dividend.as_symbol is not None
    ]
    for kernel in halved:
        facts = facts.divides(2, kernel - 1)
    return bool(halved) and not facts.contradictory and facts.value_of(size) == 1


def _open(a: Shape, b: Shape, facts: Facts) -> Together:
    """Broadcast where a number of dims is not known: the dims at the end are compared as far as both are seen."""
    if a.run is None and b.run is not None:
        a, b = b, a
    tail_a = a.back if a.run is not None else a.front
    tail_b = b.back if b.run is not None else b.front
    seen = min(len(tail_a), len(tail_b))
    cut = _known(tail_a[len(tail_a) - seen :], tail_b[len(tail_b) - seen :], facts)
    if cut.conflict is not None:
        return cut
    if b.run is None and len(b.front) <= len(a.back):
        return Together(
            Shape(a.front, a.run, a.back[: len(a.back) - seen] + cut.shape.front), cut.equal, filled=cut.filled
        )
    if a.run is not None and b.run is not None and a.run.of_ones() == b.run.of_ones() and len(tail_a) == len(tail_b):
        run = a.run if b.run.ones else b.run  # the same dims, or as many of 1 beside them
        lead = _known(a.front, b.front, facts) if len(a.front) == len(b.front) else None
        if lead is not None and lead.conflict is None:
            filled = (*lead.filled, *cut.filled) if lead.filled or cut.filled else cut.filled
            return Together(Shape(lead.shape.front, run, cut.shape.front), lead.equal + cut.equal, filled=filled)
    more = tail_a[: len(tail_a) - seen] or tail_b[: len(tail_b) - seen]
    kept = len(more)
    while kept and _is_kept(more[kept - 1], facts):
        kept -= 1
    return Together(Shape((), _run_together(a, b, kept), more[kept:] + cut.shape.front), cut.equal, filled=cut.filled)


@lru_cache(maxsize=4096)
def _run_together(a: Shape, b: Shape, kept: int) -> Run:
    """The dims that are not seen in what two shapes give: the same each time that it is these two."""
    why = next((one.run.why for one in (a, b) if one.run is not None and one.run.why), "")
    return Run.fresh(why=why, given=a.given and b.given, after=first_cause((a, b)))


def _is_kept(size: Dim, facts: Facts) -> bool:
    """Whether a dim is what it was, whatever stands against it that is not seen: it is no 1, nor may be one."""
    return _chosen(size) and facts.value_of(size) != 1
