"""`x[...]` and `x[...] = v`: ints, slices, None, Ellipsis, masks, tensors and lists of ints, alone and mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shapelint.dims import Dim, const
from shapelint.ops.along import replaced
from shapelint.ops.families.axes import unsqueeze
from shapelint.ops.families.pointwise import broadcast_all, need_fits
from shapelint.ops.families.slices import need_index, slice_bound, sliced_size, with_size, without
from shapelint.ops.literal import literal
from shapelint.ops.needs import CannotRun, Trouble, current, may_be_equal, need, need_equal, seeing
from shapelint.ops.registry import op
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import NumberType, RowValues, Values
from shapelint.ops.tensor import INTEGRAL, ONE, PERHAPS_ARRAYS, Layout, Tensor, Unknown
from shapelint.shapes import NotKnown, RankNotKnown, Run, Shape

INDEX_DTYPES = frozenset({"int64", "int32", "uint8", "bool"})

MASK_OR_INTS = "whether the index is a mask or holds ints is not known"
MORE_THAN_NUMBERS = (Tensor, list, tuple, slice)


@dataclass(frozen=True, slots=True)
class Picked:
    """Dims of which an index tensor picks places: `at` is the first, `over` how many; `shape` what stands for them.

    `places` are the ints that it holds, where they were written out.
    """

    at: int
    over: int
    shape: Shape
    places: tuple[int, ...] = ()


@op("torch.Tensor.__getitem__")
def getitem(input: Tensor, index: RowValues) -> Tensor:
    """An int drops a dim, a slice cuts it, None adds one, a mask or a tensor of ints puts its own shape in its place.

    Tensors among the index broadcast together; what they give stands where they stood, in front if they were apart.
    https://docs.pytorch.org/docs/stable/notes/broadcasting.html, https://numpy.org/doc/stable/user/basics.indexing.html
    """
    items = index_items(index)
    if input.shape.known:
        return _indexed(input, items)
    whole, run, mark = _run_marked(input, items)
    result = _indexed(whole, items if any(item is Ellipsis for item in items) else [*items, Ellipsis])
    sizes = result.shape.dims
    place = sizes.index(mark)
    return result.seen_as(Shape(sizes[:place], run, sizes[place + 1 :]), None)


getitem.gives("(B, L, D), (0,)", "(L, D)")
getitem.gives("(B, L, D), (..., None, ...)", "(B, L, D, 1)")
getitem.gives("(B, L, D), (0, ..., ...)", "(L, D)")
getitem.fails("(B, L, D), (..., ..., 0)", "two Ellipses in an index, with more behind them")


@op("torch.Tensor.__setitem__")
def setitem(input: Tensor, index: RowValues, value: Values) -> Tensor:
    """(*a) -> (*a); the value must broadcast to the selected shape, sizes of 1 in front of it apart.

    https://docs.pytorch.org/docs/stable/tensors.html
    """
    selected = getitem.rule(input, index)
    if isinstance(value, (list, tuple, str)):
        raise NotKnown(f"a {type(value).__name__} is assigned: the receiver may be no tensor")
    written = current().as_tensor(value) if isinstance(value, Unknown) else value
    if isinstance(written, Tensor):
        value = _without_leading_ones(current().settle(written), selected)
        need_fits(_spread_where_it_may_be_one(value, selected), selected)
    return input


def _spread_where_it_may_be_one(value: Tensor, place: Tensor) -> Tensor:
    """A value with the sizes of its place where these are numbers and its own may be 1: `both[:] = x` tells neither."""
    if not value.shape.known or not place.shape.known or value.rank > place.rank:
        return value
    rooms = place.shape.dims[place.rank - value.rank :]
    sizes = tuple(
        room
        if room.value is not None and size.value is None and all(may_be_equal(size, n) for n in (1, room))
        else size
        for size, room in zip(value.shape.dims, rooms, strict=True)
    )
    return value.seen_as(Shape(sizes), None)


def _without_leading_ones(value: Tensor, selected: Tensor) -> Tensor:
    if not value.shape.known or not selected.shape.known:
        return value
    sizes = value.shape.dims
    while len(sizes) > selected.rank and may_be_equal(sizes[0], 1):
        sizes = sizes[1:]  # a batch that is written to one place is a batch of one
    return value.seen_as(Shape(sizes), None)


def index_items(index: Any) -> list[Any]:
    """The members of an index. A list counts as a tuple of indices where it holds more than numbers.

    https://github.com/pytorch/pytorch/blob/main/torch/csrc/autograd/python_variable_indexing.cpp (treatSequenceAsTuple)
    """
    if isinstance(index, tuple):
        return list(index)
    short = isinstance(index, list) and len(index) < 32
    if short and any(item is None or item is Ellipsis or isinstance(item, MORE_THAN_NUMBERS) for item in index):
        return list(index)
    return [index]


def _indexed(input: Tensor, items: Sequence[Any]) -> Tensor:
    """The result for a tensor of known rank: views for ints, slices and None first, then what the tensors pick."""
    steps = [_understood(item) for item in items]
    rank, asked = input.rank, sum(_consumes(step) for step in steps)
    may_stand = rank == asked or all(step is Ellipsis or step == slice(None) for step in _behind_a_second(steps))
    need(may_stand, "two Ellipses in an index, with more behind them", Trouble.INDEX)
    need(asked <= rank, f"{asked} indices into a tensor of {rank} dims {input.shape}", Trouble.INDEX)
    result, at, picks = input, 0, []
    for step in steps:
        if step is None:
            result = unsqueeze.rule(result, at)
            at += 1
        elif step is Ellipsis:
            at += rank - asked
        elif isinstance(step, Dim):
            need_index(step, result.shape[at], f"dim {at} of {result.shape}")
            result = without(result, at)
        elif isinstance(step, slice):
            result = _sliced(result, at, step)
            at += 1
        elif isinstance(step, bool):
            result = unsqueeze.rule(result, at)
            picks.append(Picked(at, 1, Shape.of(1 if step else 0)))
            at += 1
        else:
            if _is_mask(step) and step.rank == 0:
                result = unsqueeze.rule(result, at)
            if step.dtype is None:
                step = _of_ints(step, result.shape.dims[at : at + step.rank])
            picks.append(_picked(result, at, step))
            at += picks[-1].over
    return _with_picks(result, picks) if picks else result


def _behind_a_second(steps: Sequence[Any]) -> Sequence[Any]:
    """What stands behind the second Ellipsis of an index: torch leaves out the dims that the index does not speak of
    at each of them, so that there are none left for what is further on."""
    places = [place for place, step in enumerate(steps) if step is Ellipsis]
    return steps[places[1] + 1 :] if len(places) > 1 else ()


def _understood(item: Any) -> Any:
    """An index as None, Ellipsis, a slice, a bool, a Dim or a Tensor. Raises CannotRun or NotKnown."""
    if item is None or item is Ellipsis or isinstance(item, (slice, bool, Dim)):
        return item
    if isinstance(item, int):
        return const(item)
    if isinstance(item, Unknown):
        raise NotKnown(f"the index is not known: {item.reason}")  # an int, a mask, or a row of places
    if isinstance(item, NumberType) and item.dtype in INTEGRAL:
        return current().fresh("i", minimum=-(2**31))
    if isinstance(item, Row) and any(isinstance(part, Many) and _holds_rows(part) for part in item.parts):
        raise NotKnown("of how many dims the index speaks is not known")  # `s[tuple(places.t())]`
    if isinstance(item, (list, tuple, range, Row)):
        found = literal(item)
        item = found if found.shape.dims[0].value != 0 else found.typed("int64")
    if isinstance(item, str):
        raise NotKnown("a text is an index of what holds tensors by name")  # and has many of a tensor's methods
    if not isinstance(item, Tensor):
        raise CannotRun(f"a {type(item).__name__} is no index of a tensor", Trouble.INDEX)
    tensor = current().settle(item)
    if tensor.dtype is None:
        if not tensor.shape.known or tensor.rank == 0:
            raise NotKnown(MASK_OR_INTS)
        return tensor
    if _is_mask(tensor) and not tensor.shape.known:
        raise NotKnown("how many dims the mask has is not known")
    need(
        tensor.dtype in INDEX_DTYPES,
        f"a tensor of {tensor.dtype} is no index: it must hold ints or bools",
        Trouble.INDEX,
    )
    if tensor.rank == 0 and tensor.dtype in ("int64", "int32"):
        return const(tensor.items[0]) if tensor.items else tensor.number or current().fresh("i", minimum=-(2**31))
    return tensor


def _holds_rows(many: Many) -> bool:
    """Whether each of an unknown number of items is a tensor of places, which picks along a dim of its own."""
    return any(isinstance(one, Tensor) and one.shape != Shape() for one in many.group)


def _of_ints(index: Tensor, spoken_of: Sequence[Dim]) -> Tensor:
    """An index of unknown dtype as one of ints. A mask is as large as the dims it speaks of: where it cannot be, these
    are ints; else it picks an unknown number of rows, if it is one row. Raises NotKnown otherwise.
    """
    sizes = index.shape.dims
    if len(sizes) > len(spoken_of) or not all(map(_may_be_meant_equal, sizes, spoken_of)):
        return index.typed("int64")
    if len(sizes) == 1:
        return index.typed("int64").with_shape(current().fresh("_"))
    raise NotKnown(MASK_OR_INTS)


def _may_be_meant_equal(left: Dim, right: Dim) -> bool:
    return may_be_equal(left, right) and not current().keeps_apart(left, right)


def _is_mask(step: Tensor) -> bool:
    return step.dtype in ("bool", "uint8")


def _consumes(step: Any) -> int:
    """How many of the tensor's dims an index speaks of."""
    if step is None or step is Ellipsis or isinstance(step, bool):
        return 0
    return step.rank if isinstance(step, Tensor) and _is_mask(step) else 1


RUN_BACKWARDS = PERHAPS_ARRAYS | {"numpy"}
"""Where a value lies that may be cut with a negative step: what is none of NumPy's may not."""


def _sliced(input: Tensor, at: int, cut: slice) -> Tensor:
    if cut.start is None and cut.stop is None and cut.step is None:
        return input
    step = slice_bound(cut.step, "step") or ONE
    if input.device in RUN_BACKWARDS and step.value is not None and step.value < 0:
        if cut.start is not None or cut.stop is not None:
            raise NotKnown("a slice that runs backwards between two ends")
        every = -(-input.shape[at] // -step)
        return Tensor(replaced(input.shape, at, every), None, input.dtype, input.device)
    size = sliced_size(input.shape[at], slice_bound(cut.start, "start"), slice_bound(cut.stop, "stop"), step)
    return with_size(input, at, size, step)


def _picked(input: Tensor, at: int, index: Tensor) -> Picked:
    if not _is_mask(index):
        return Picked(at, 1, index.shape, index.items or ())
    for i, size in enumerate(index.shape.dims):
        need_equal(
            size,
            input.shape[at + i],
            f"dim {i} of the mask {index.shape}",
            f"dim {at + i} of the tensor",
            Trouble.INDEX,
        )
    count = current().count_of(index) if index.items is None else const(sum(item != 0 for item in index.items))
    return Picked(at, max(index.rank, 1), Shape((count,)))


def _with_picks(input: Tensor, picks: list[Picked]) -> Tensor:
    """The result with the dims that index tensors speak of replaced by the shape these broadcast to."""
    try:
        together = broadcast_all(*(Tensor(pick.shape) for pick in picks))
    except CannotRun as error:
        raise CannotRun(f"index tensors: {error.reason}", Trouble.INDEX, error.pair) from None
    gone = [i for pick in picks for i in range(pick.at, pick.at + pick.over)]
    sizes = input.shape.dims
    kept = [(i, size) for i, size in enumerate(sizes) if i not in gone]
    apart = gone != list(range(gone[0], gone[0] + len(gone)))
    before = 0 if apart else gone[0]
    head, tail = [s for i, s in kept if i < before], [s for i, s in kept if i >= before]
    _need_places(input, picks, [*together.seen()], [*head, *tail])
    layout: Layout = "contiguous" if input.layout == "contiguous" else None
    if together.run is None:
        return Tensor(Shape((*head, *together.front, *tail)), layout, input.dtype, input.device)
    shape = Shape((*head, *together.front), together.run, (*together.back, *tail))
    return Tensor(shape, None, input.dtype, input.device)


def _need_places(input: Tensor, picks: list[Picked], together: list[Dim], rest: list[Dim]) -> None:
    """The places that index tensors name must be there, as far as they are known; an empty result has none."""
    if any(size.value == 0 for size in together):
        return
    empty = any(size.value == 0 for size in rest)
    for pick in picks:
        for at in range(pick.at, pick.at + pick.over):
            what = f"dim {at} of {input.shape}"
            need(input.shape[at].value != 0, f"a tensor of ints indexes {what}, which is empty", Trouble.INDEX)
            for place in set(pick.places) if not empty else ():
                need_index(const(place), input.shape[at], what)


# -- tensors of which not all dims are known ---------------------------------------------------------------------------


def _run_marked(input: Tensor, items: Sequence[Any]) -> tuple[Tensor, Run, Dim]:
    """The tensor with one dim, a mark, in the place of its unknown run, and around it what the index speaks of."""
    asked = [_consumes(_understood(item)) for item in items]
    if sum(item is Ellipsis for item in items) > 1:
        raise RankNotKnown("how many dims stand for each Ellipsis is not known")
    cut = next((i for i, item in enumerate(items) if item is Ellipsis), len(items))
    ahead, behind = sum(asked[:cut]), sum(asked[cut + 1 :])
    seen = seeing_front(seeing(input, behind), ahead)
    shape = seen.shape
    if shape.run is None:
        raise RankNotKnown("the number of dims is not known")
    mark = current().fresh("run")
    return seen.seen_as(Shape((*shape.front, mark, *shape.back)), None), shape.run, mark


def seeing_front(tensor: Tensor, count: int) -> Tensor:
    """The tensor with at least `count` dims seen in front: where they lie in an unknown run, fresh sizes stand in."""
    shape = current().settle(tensor).shape
    missing = count - len(shape.front)
    if shape.run is not None and missing > 0 and shape.back:
        raise RankNotKnown("the number of dims is not known")  # dims seen from the end may be those in front
    if shape.run is None or missing <= 0:
        return tensor if shape is tensor.shape else Tensor(shape, tensor.layout, tensor.dtype, tensor.device)
    context = current()
    sizes = tuple(context.fresh("_", free=True, minimum=1) for _ in range(missing))
    rest = shape.run.rest()
    context.fill(shape.run, Shape(sizes, rest, ()))
    return Tensor(Shape(shape.front + sizes, rest, shape.back), None, tensor.dtype, tensor.device)
