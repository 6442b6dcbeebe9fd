"""Letters that a comment says first, and that the code's own names of sizes have in other places of the same shape."""

from __future__ import annotations

from dataclasses import replace

from shapelint.dims import Dim, Facts
from shapelint.interp.state.events import ClaimedDim, ClaimedShape
from shapelint.notation.model import BATCHES
from shapelint.shapes import Shape


def with_exchanged_letters(shape: ClaimedShape, given: Shape, facts: Facts) -> ClaimedShape:
    """The claim; letters that it says first, each in the place of another one's name, mean what is called so.

    `(t, b, d)` beside (B, T, d): both would be right of any two sizes, but who writes them knows their names. So is
    the batch's letter that stands for another size where the code's batch has a number: `(128, B)` of (batch_size, n).
    """
    count = len(shape.dims)
    if shape.rest is not None or not given.known or len(given.front) != count:
        return shape
    sizes = given.front
    places = [_place_of(dim, index, sizes) for index, dim in enumerate(shape.dims)]
    meant = {
        index: sizes[place]
        for index, place in enumerate(places)
        if place is not None
        and not facts.is_equal(sizes[index], sizes[place])
        and (_comes_back(index, places) or (_is_batch(shape.dims[index]) and _is_above_one(shape.dims[place])))
    }
    if not meant:
        return shape
    dims = tuple(replace(dim, size=meant[i], fresh=None) if i in meant else dim for i, dim in enumerate(shape.dims))
    return replace(shape, dims=dims)


def _place_of(dim: ClaimedDim, index: int, sizes: tuple[Dim, ...]) -> int | None:
    """The one place at which the code has a letter's name, if that is another one than the letter's own."""
    if dim.fresh is None or dim.letter is not None or dim.unresolved or _name(sizes[index]) == _called(dim.fresh):
        return None
    found = [place for place, size in enumerate(sizes) if _name(size) == _called(dim.fresh)]
    return found[0] if len(found) == 1 else None


def _comes_back(index: int, places: list[int | None]) -> bool:
    passed = 0
    place = places[index]
    while place is not None and place != index and passed < len(places):
        place, passed = places[place], passed + 1
    return place == index


def _is_batch(dim: ClaimedDim) -> bool:
    return dim.fresh is not None and dim.fresh.casefold() in BATCHES


def _is_above_one(dim: ClaimedDim) -> bool:
    return dim.size is not None and dim.fresh is None and (dim.size.value or 0) > 1


def _name(size: Dim) -> str | None:
    """What the code calls a size, but for case; every name of the batch is the same."""
    one = size.as_symbol
    return _called(one.name.split(".")[-1]) if one is not None and one.name != "_" else None


def _called(name: str) -> str:
    name = name.casefold()
    return "batch" if name in BATCHES else name
