"""A value as a claim meets it: its shape on each path, how it lies in memory, why it is not known."""

from __future__ import annotations

from dataclasses import replace

from shapelint.dims import Dim
from shapelint.interp.claims.names import left_open
from shapelint.interp.objects.rows import items_of
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.events import Given
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, Container, ListObject, Ref, Value
from shapelint.ops.families.packed import PackedSequence
from shapelint.ops.layout import is_contiguous
from shapelint.ops.needs import using
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape

NO_TENSOR = "the value is no tensor"


def givens_of(frame: Frame, value: Value, layout: bool = False) -> list[Given]:
    """What is known of a value as a tensor, an entry for each alternative that the code leaves open."""
    value = frame.world.settle(value)
    found = []
    for one, path in value.each() if isinstance(value, Choice) else ((value, None),):
        one = frame.world.settle(one)
        if one is None and value is not None:
            continue
        if isinstance(one, Tensor):
            found.append(Given(one.shape, _contiguity(frame, one) if layout else None, _why(one), path))
        elif isinstance(one, SizesOf):
            found.append(Given(frame.world.settle_shape(one.shape), path=path))
        elif row := _sizes_in(frame, one):
            found.append(Given(Shape(row), path=path))
        elif isinstance(one, Unknown):
            found.append(Given(None, why_unknown=one.reason, by_caller=one.given))
        else:
            found.append(Given(None, why_unknown=NO_TENSOR))
    return found or [Given(None, why_unknown=NO_TENSOR)]


def _sizes_in(frame: Frame, value: Value) -> tuple[Dim, ...]:
    """The sizes in a tuple or a list that holds nothing else; a list of two may as well be of strides or paddings."""
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    row = content.items if isinstance(content, ListObject) else value
    if type(row) is not tuple or (row is not value and len(row) < 3):
        return ()
    sizes = tuple(item for item in map(frame.world.settle, row) if isinstance(item, Dim))
    return sizes if len(sizes) == len(row) else ()


def _why(tensor: Tensor) -> str:
    return "" if tensor.shape.known else str(tensor.shape.not_known())


def _contiguity(frame: Frame, tensor: Tensor) -> bool | None:
    with using(Ground(frame.world)):
        return is_contiguous(tensor)


def packed_givens(packed: PackedSequence) -> list[Given]:
    """What a shape beside packed sequences may tell: their elements in a row, or the tensor of which they are."""
    rest = packed.data.shape
    rows = [(packed.count, packed.longest), (packed.longest, packed.count)]
    padded = [Shape((*row, *rest.front[1:]), rest.run, rest.back) for row in rows]
    return [*map(Given, padded if rest.front else []), Given(rest)]


def settled_given(frame: Frame, given: Given) -> Given:
    """A value with all that has become known of its shape by now."""
    return given if given.shape is None else replace(given, shape=frame.world.settle_shape(given.shape))


def tensors_in(frame: Frame, value: Value) -> list[Value] | None:
    """The items of a tuple or list that may be tensors, those of tuples in it, too; None of what holds none."""
    value = frame.world.settle(value)
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    is_list = isinstance(content, ListObject) or (isinstance(content, Container) and content.kind == "ParameterList")
    if not isinstance(value, tuple) and not is_list:
        return None
    items, element = items_of(frame, value)
    found: list[Value] = []
    for item in [element] if items is None else items:
        item = frame.world.settle(item)
        inner = tensors_in(frame, item)
        if inner is not None:
            found += inner
        elif any(isinstance(one, (Tensor, Unknown)) for one in alternatives(item)):
            found.append(item)
    return found or None


def has_nameless(given: Given) -> bool:
    """Whether a value has a size without a name."""
    return given.shape is not None and any(map(is_nameless, given.shape.seen()))


def without_nameless(shape: Shape | None) -> Shape | None:
    """The shape with sizes that nobody can tell in the place of those without a name."""
    return None if shape is None else shape.map(lambda size: left_open() if is_nameless(size) else size)


def is_nameless(size: Dim) -> bool:
    """Whether nobody has given a size a name."""
    return size.as_symbol is not None and size.as_symbol.name == "_"
