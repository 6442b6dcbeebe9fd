"""Rows of sizes among the arguments of an operator whose number is not known: `torch.zeros(*batch_shape, 3)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.dims import Dim
from shapelint.interp.objects.operands import for_each_dim
from shapelint.interp.state.ground import Ground, size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import ListObject, Ref, Value
from shapelint.ops.registry import Found
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape


def with_sizes_spread(
    frame: Frame, found: Found | None, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> tuple[Sequence[Value], Mapping[str, Value]]:
    """The arguments of an operator with the rows of sizes among them that are spread: `x.view(*y.shape[:-1], 4)`.

    An unknown value that is spread where an operator takes sizes is a row of them.
    """
    is_sized = found is not None and takes_sizes(found)
    if is_sized:
        args = [_as_sizes(frame, value) for value in args]
        kwargs = {key: value if key == "*" else _as_sizes(frame, value) for key, value in kwargs.items()}
    more: Sequence[Value] = [one for part in kwargs.get("*", ()) for one in for_each_dim(frame, part)]
    if is_sized and any(isinstance(part, Many) for part in more):
        more = _with_unknown_sizes(frame, [one for one in args if not isinstance(one, Tensor)], more) or more
    if not more or any(isinstance(part, Many) for part in more):
        return args, kwargs
    placed: list[Value] = list(args)
    for part in more:
        shape = frame.world.settle_shape(part.shape) if isinstance(part, SizesOf) else None
        if shape is None:
            placed.append(part)
        elif shape.known:
            placed += shape.dims
        else:
            placed.append(SizesOf(shape, spread=True))
    return placed, {key: value for key, value in kwargs.items() if key != "*"}


def takes_sizes(found: Found) -> bool:
    """Whether an operator takes the sizes of a tensor that it makes."""
    return any(
        one.kind == "Sizes" or (one.variadic and one.kind == "Dim") or one.name in ("size", "shape")
        for one in found.op.signature.parameters
    )


def _as_sizes(frame: Frame, value: Value) -> Value:
    """A list in which one unknown value is spread among sizes, `(*batch_shape, 3)`, as the row of sizes that it is."""
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if not isinstance(content, ListObject) or content.items is not None:
        return value
    sizes = _with_unknown_sizes(frame, (), content.row)
    if sizes is None:
        return value
    place = next(place for place, part in enumerate(sizes) if isinstance(part, SizesOf))
    shape = frame.world.settle_shape(sizes[place].shape)
    return SizesOf(Shape((*sizes[:place], *shape.front), shape.run, (*shape.back, *sizes[place + 1 :])))


def _with_unknown_sizes(frame: Frame, beside: Sequence[Value], row: Sequence[Value]) -> list[Value] | None:
    """A row in which one unknown value is spread with that as a row of sizes; None where the rest are none."""
    many = [part for part in row if isinstance(part, Many)]
    if len(many) != 1 or not isinstance(many[0].of, Unknown):
        return None
    sized = [part if isinstance(part, Many) else _size(frame, part) for part in row]
    if any(part is None for part in sized) or any(_size(frame, part) is None for part in beside):
        return None
    sizes = Ground(frame.world).as_sizes(many[0].of)
    return None if sizes is None else [sizes if isinstance(part, Many) else part for part in sized]


def _size(frame: Frame, value: Value) -> Dim | None:
    value = frame.world.settle(value)
    return value if isinstance(value, Dim) else size_of(frame.world, value) if isinstance(value, Unknown) else None
