"""Whether a size is the claimed one where data fill what was made for them, and which data must."""

from __future__ import annotations

from collections.abc import Iterable

from shapelint.dims import Dim, Facts
from shapelint.interp.state.events import ClaimedDim

MOST_TOLD = 4
"""Of how many sizes that only data tell a claim is judged."""


def when_filled(filling: Iterable[tuple[Dim, Dim]]) -> str:
    """The condition that these sizes, which data tell, are those that they are to fill, for a note."""
    return "when " + " and ".join(f"{data} is {size}" for data, size in filling)


def filled_sizes(dim: ClaimedDim, size: Dim, facts: Facts) -> list[tuple[Dim, Dim]]:
    """The sizes that data tell, each with the one that it fills, by which a size is the claimed one.

    Who pads to the longest of some lengths calls it what the input has, which was padded so before: the code shows
    that the two belong together where one is packed by the other or is masked with it. None where it is not so.
    """
    if dim.size is None:
        return []
    size = facts.normalize(size)
    filled = [pair for pair in facts.filled() if not pair[0].symbols.isdisjoint(size.symbols)]
    told = {data: dim.size if facts.is_equal(dim.size, one) else one for data, one in filled}
    if not told or len(told) > MOST_TOLD:
        return []
    supposed = facts
    for data, one in told.items():
        supposed = supposed.equal(data, one)
    if supposed.contradictory or not supposed.is_equal(dim.size, size):
        return []
    return list(told.items())
