"""Part of a tensor along one dim: Python's slices over symbolic sizes, select, narrow, unfold; writing there."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim, const, maximum, minimum
from shapelint.ops.elements import as_length
from shapelint.ops.needs import CannotRun, Trouble, current, index_of, may_be_equal, need, need_at_least, need_equal
from shapelint.ops.registry import op
from shapelint.ops.signature import NumberType, Sizes, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown, contiguous_strides
from shapelint.shapes import NotKnown, Shape, is_told_by_data


def strided(input: Tensor, sizes: tuple[Dim, ...], strides: tuple[Dim, ...] | None) -> Tensor:
    """A view of a tensor with these sizes and strides (None: not known)."""
    shape = Shape(sizes)
    if strides is not None and strides == contiguous_strides(shape):
        return input.seen_as(shape, "contiguous")
    return input.seen_as(shape, strides)


def with_size(input: Tensor, at: int, size: Dim, step: Dim | int = 1) -> Tensor:
    """The view that keeps `size` of the places of one dim, `step` apart."""
    sizes, strides = input.shape.dims, input.strides
    if strides is not None:
        strides = (*strides[:at], strides[at] * step, *strides[at + 1 :])
    return strided(input, (*sizes[:at], size, *sizes[at + 1 :]), strides)


def without(input: Tensor, at: int) -> Tensor:
    """The view at one place of a dim, which goes."""
    sizes, strides = input.shape.dims, input.strides
    return strided(input, sizes[:at] + sizes[at + 1 :], None if strides is None else strides[:at] + strides[at + 1 :])


# -- Python's slices ---------------------------------------------------------------------------------------------------


def slice_bound(value: Any, name: str) -> Dim | None:
    """An end or the step of a slice as a size; one of unknown value is a fresh size."""
    if value is None or isinstance(value, Dim):
        return value
    if isinstance(value, int):
        return const(int(value))
    if isinstance(value, Unknown):
        return current().as_size(value) or _difference(value) or current().fresh(value.origin or name)
    if isinstance(value, NumberType):
        return current().fresh(name)  # a parameter whose default is a float may be given a whole number
    if isinstance(value, Tensor) and not value.shape.known:
        raise NotKnown("a slice's end is not known")
    if isinstance(value, Tensor) and all(may_be_equal(size, 1) for size in value.shape.dims):
        need(not (value.dtype or "").startswith("float"), "a slice's ends must be integers", Trouble.INDEX)
        return as_length(value, name)
    raise CannotRun(f"a slice's ends must be integers, not {type(value).__name__}", Trouble.INDEX)


def _difference(value: Unknown) -> Dim | None:
    """The number that an end is by what it was calculated from: `-h`, which is no size, counts from the end."""
    op, *sides = value.calculated or ("",)
    if op != "-":
        return None
    left, right = (
        (current().as_size(side) or _difference(side)) if isinstance(side, Unknown) else side for side in sides
    )
    return left - right if isinstance(left, Dim) and isinstance(right, Dim) else None


def sliced_size(size: Dim, start: Dim | None, stop: Dim | None, step: Dim = ONE) -> Dim:
    """How many places a slice takes from a dim of this size.

    Python clamps both ends to the dim. Where the facts do not tell whether an end lies inside, it is taken to: who
    writes `pos[:, :T]` means T places, and that there are as many becomes a fact. Not so for a size that only the data
    tells, of which `[:k]` is a common way to take at most k, nor for a number that is none of the few of an axis:
    `tokens[:512]` cuts off what is longer.
    """
    highest = current().facts.upper(step)
    need(highest is None or highest > 0, f"a slice's step must be positive, it is {step}", Trouble.INDEX)
    first = const(0) if start is None else _clamped(start, size)
    last = size if stop is None else _cut_off(start, stop, size) or _clamped(stop, size)
    if start is None and last is stop and is_told_by_data(last) and _chosen(size):
        current().assume_fills(last, size)  # `x[:, : lengths.max()]` of what was padded to the longest
    if first is size and _is_meant_to_hold_something(start, stop):
        return current().fresh("length")  # the start is no size: a parameter has the name that a comment has for a dim
    return -(-_distance(first, last) // step)


def _cut_off(start: Dim | None, stop: Dim, size: Dim) -> Dim | None:
    """Where a slice ends that takes at most so many, from the first few on; None where it is not known to be one."""
    first = 0 if start is None else start.value
    if stop.value is None or first is None or not 0 <= first < MOST_OF_AN_AXIS <= stop.value or not _chosen(size):
        return None
    low, high = current().facts.bounds(size - stop)
    if (low is not None and low >= 0) or (high is not None and high <= 0):
        return None
    last = minimum(stop, size)
    current().assume_fills(last, stop)
    return last


MOST_OF_AN_AXIS = 16
"""From how many on a number of places is one that a slice takes at most, as of the tokens of a text."""


def _is_meant_to_hold_something(start: Dim | None, stop: Dim | None) -> bool:
    """Whether a slice from some size on ends after it, as `x[channel : channel + 1]` does."""
    if start is None or stop is None or start.value is not None:
        return False
    low = current().facts.lower(stop - start)
    return low is not None and low > 0


def _clamped(end: Dim, size: Dim) -> Dim:
    context = current()
    low = context.facts.lower(end)
    high = context.facts.upper(end) if low is None or low < 1 else None
    if low is not None and low >= 0 and high == 0:
        return end
    if (high is not None and high <= 0) or ((low is None or low < 0) and _written_negative(end)):
        # `[:-pad]`, `[:-(k - 1)]`: who writes a minus means places from the end, and that there is one at least.
        if high is None or high >= 0:
            context.assume_at_least(-end, 1)
        return _not_negative(end + size)
    if low is None or low < 0:
        context.assume_reaches(end, const(0))
    spare_low = context.facts.lower(size - end)
    if spare_low is not None and spare_low >= 0:
        return end
    spare_high = context.facts.upper(size - end)
    if spare_high is not None and spare_high <= 0:
        return size
    if not _chosen(size):
        return minimum(end, size)
    context.assume_reaches(size, end)
    return end


def _written_negative(end: Dim) -> bool:
    """Whether an end is 0 at most, once the sizes in it that might be 0 are not: `1 - k`."""
    facts = current().facts
    for symbol in end.symbols:
        if symbol.minimum <= 0:
            facts = facts.at_least(symbol.dim, 1)
    high = facts.upper(end)
    return high is not None and high <= 0


def _not_negative(place: Dim) -> Dim:
    context = current()
    low = context.facts.lower(place)
    if low is not None and low >= 0:
        return place
    high = context.facts.upper(place)
    if high is not None and high <= 0:
        return const(0)
    if not _chosen(place):
        return maximum(place, 0)
    context.assume_reaches(place, const(0))
    return place


def _distance(first: Dim, last: Dim) -> Dim:
    return _not_negative(last - first)


def _chosen(size: Dim) -> bool:
    """Whether a caller can choose this size, all of it."""
    return all(symbol.free for symbol in size.symbols)


def need_index(index: Dim, size: Dim, what: str) -> None:
    """An int index must lie inside a dim: CannotRun if it surely does not; else a fact where a caller decides."""
    context = current()
    low = context.facts.lower(index)
    high = context.facts.upper(index) if low is None or low < 0 else None
    need(size.value != 0, f"index {index} into {what} of size 0", Trouble.INDEX)
    least = -index if high is not None and high < 0 else index + 1 if low is not None and low >= 0 else None
    if least is None:
        beyond = context.facts.lower(index - size)
        _need_inside(beyond is None or beyond < 0, index, size, what)
        return
    spare_low, spare_high = context.facts.bounds(size - least)
    _need_inside(spare_high is None or spare_high >= 0, index, size, what)
    if (spare_low is None or spare_low < 0) and _chosen(size):
        context.assume_at_least(size, least)


def _need_inside(holds: bool, index: Dim, size: Dim, what: str) -> None:
    """An index must be smaller than a size; not known where only a slice, `x[:, : i - n]`, is taken to tell of both."""
    taken = (one - end for one, end in current().facts.reached())
    if not holds and any((each - index + size).value is not None for each in taken):
        raise NotKnown("whether a slice counts from the end is not known")
    need(holds, f"index {index} into {what} of size {size}", Trouble.INDEX)


# -- operators ---------------------------------------------------------------------------------------------------------


@op("torch.select", "torch.Tensor.select")
def select(input: Tensor, dim: int, index: Dim) -> Tensor:
    """(*a, n, *b) -> (*a, *b). https://docs.pytorch.org/docs/stable/generated/torch.select.html"""
    need(input.rank > 0, "select of a tensor of no dims", Trouble.INDEX)
    at = index_of(dim, input.rank)
    need_index(index, input.shape[at], f"dim {at} of {input.shape}")
    return without(input, at)


select.gives("(B, L, D), 1, 0", "(B, D)")
select.fails("(2, 3), 1, 3", "index 3 into dim 1 of (2, 3) of size 3")


@op("torch.narrow", "torch.Tensor.narrow")
def narrow(input: Tensor, dim: int, start: Dim, length: Dim) -> Tensor:
    """(*a, n, *b) -> (*a, length, *b). https://docs.pytorch.org/docs/stable/generated/torch.narrow.html"""
    need(input.rank > 0, "narrow of a tensor of no dims", Trouble.DIM_INDEX)
    at = index_of(dim, input.rank)
    size = input.shape[at]
    need_at_least(length, 0, f"narrow to a length of {length}", Trouble.INDEX)
    highest = current().facts.upper(start)
    first = start + size if highest is not None and highest < 0 else start
    reason = f"narrow takes {length} from {start} on of dim {at} of {input.shape}"
    need_at_least(first, 0, reason, Trouble.INDEX)
    need_at_least(size, first + length, reason, Trouble.INDEX)
    return with_size(input, at, length)


narrow.gives("(B, L, D), 1, 0, k", "(B, k, D)")
narrow.fails("(2, 3), 1, 2, 2", "narrow takes 2 from 2 on of dim 1 of (2, 3)")


@op("torch.slice_copy")
def slice_copy(
    input: Tensor, dim: int = 0, start: Dim | None = None, end: Dim | None = None, step: Dim = ONE
) -> Tensor:
    """(*a, n, *b) -> (*a, len(range(n)[start:end:step]), *b).

    https://docs.pytorch.org/docs/stable/torch.compiler_ir.html
    """
    at = index_of(dim, input.rank)
    return with_size(input, at, sliced_size(input.shape[at], start, end, step), step)


@op("torch.slice_scatter", "torch.Tensor.slice_scatter")
def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: Dim | None = None, end: Dim | None = None, step: Dim = ONE
) -> Tensor:
    """(*a, n, *b), (*a, len(range(n)[start:end:step]), *b) -> (*a, n, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.slice_scatter.html
    """
    at = index_of(dim, input.rank)
    place = with_size(input, at, sliced_size(input.shape[at], start, end, step), step)
    need_same(src, place, "slice_scatter")
    return input.made(input.shape)


slice_scatter.gives("(B, L), (B, 3), 1, 0, 3", "(B, L)")
slice_scatter.fails("(2, 8), (2, 3), 1, 0, 4", "slice_scatter writes (2, 3) to (2, 4)")


@op("torch.select_scatter", "torch.Tensor.select_scatter")
def select_scatter(input: Tensor, src: Tensor, dim: int, index: Dim) -> Tensor:
    """(*a, n, *b), (*a, *b) -> (*a, n, *b). https://docs.pytorch.org/docs/stable/generated/torch.select_scatter.html"""
    need_same(src, select.rule(input, dim, index), "select_scatter")
    return input.made(input.shape)


select_scatter.gives("(B, L, D), (B, D), 1, 0", "(B, L, D)")
select_scatter.fails("(2, 3), (3,), 1, 0", "select_scatter writes (3,) to (2,)")


def need_same(src: Tensor, place: Tensor, operator: str) -> None:
    """What is written must have exactly the shape of the place."""
    reason = f"{operator} writes {src.shape} to {place.shape}"
    need(src.rank == place.rank, reason, Trouble.BROADCAST)
    for i, (a, b) in enumerate(zip(src.shape.dims, place.shape.dims, strict=True)):
        need_equal(a, b, f"{reason}: dim {i}", "of the place", Trouble.BROADCAST)


@op("torch.Tensor.unfold")
def unfold(input: Tensor, dimension: int, size: Dim, step: Dim) -> Tensor:
    """(*a, n, *b) -> (*a, (n-size)//step + 1, *b, size).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.unfold.html
    """
    at = index_of(dimension, input.rank, "dimension")
    sizes, strides = input.shape.dims, input.strides
    whole = sizes[at] if sizes else ONE
    need_at_least(size, 0, f"windows of size {size}")
    need_at_least(step, 1, f"a step of {step}")
    need_at_least(whole, size, f"windows of {size} along dim {at} of {input.shape}")
    if not sizes:
        return strided(input, (size,), (ONE,))
    count = (whole - size) // step + 1
    if strides is not None:
        strides = (*strides[:at], strides[at] * step, *strides[at + 1 :], strides[at])
    result = strided(input, (*sizes[:at], count, *sizes[at + 1 :], size), strides)
    return Tensor(result.shape, result.layout, result.dtype, result.device, expanded=True)


unfold.gives("(B, L), 1, k, 1", "(B, L-k+1, k)")
unfold.gives("(B, C, L), 2, 3, 2", "(B, C, (L-1)//2, 3)")
unfold.fails("(2, 3), 1, 4, 1", "windows of 4 along dim 1 of (2, 3)")


@op("torch.as_strided", "torch.Tensor.as_strided", reshapes_in_place=True)
def as_strided(input: Tensor, size: Sizes, stride: Values, storage_offset: Values = None) -> Tensor:
    """size, stride -> (*size). https://docs.pytorch.org/docs/stable/generated/torch.as_strided.html"""
    if not isinstance(stride, (tuple, list)) or not all(isinstance(step, (int, Dim)) for step in stride):
        return Tensor(Shape(tuple(size)), None, input.dtype, input.device, expanded=True)
    stride = tuple(step if isinstance(step, Dim) else const(step) for step in stride)
    need(len(size) == len(stride), f"as_strided with {len(size)} sizes and {len(stride)} strides")
    result = strided(input, size, stride)
    return Tensor(result.shape, result.layout, result.dtype, result.device, expanded=True)


as_strided.gives("(N,), (2, k), (k, 1)", "(2, k)")
as_strided.fails("(6,), (2, 3), (1,)", "2 sizes and 1 strides")


@op("torch.as_strided_scatter", "torch.Tensor.as_strided_scatter")
def as_strided_scatter(input: Tensor, src: Tensor, size: Sizes, stride: Sizes, storage_offset: Values = None) -> Tensor:
    """(*a), (*size) -> (*a). https://docs.pytorch.org/docs/stable/generated/torch.as_strided_scatter.html"""
    need_same(src, as_strided.rule(input, size, stride), "as_strided_scatter")
    return input.made(input.shape)
