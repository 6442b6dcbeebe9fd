"""The program's values as operators take them, and what operators give as the program's own."""

from __future__ import annotations

from collections.abc import Iterable

from shapelint.dims import Dim, Symbol, const
from shapelint.interp.objects.rows import row_of
from shapelint.interp.paths.join import alternatives, in_common, mapped
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Builtin, Choice, DictObject, ListObject, Range, Ratio, Ref, Value, unknown
from shapelint.ops.rows import Many, PerDim, Row, SizesOf
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Tensor, Unknown

MOST_SPREAD = 64

PYTHON_TYPES = {kind.__name__: kind for kind in (bool, int, float, complex)}
"""Those of Python's types that stand for dtypes: `x.to(bool)`."""


def as_objects(frame: Frame, result: Value) -> Value:
    """What a rule gives with its Python lists as the program's own: the other way round of `plain`."""
    if type(result) is list:
        return frame.world.allocate(ListObject(tuple(as_objects(frame, item) for item in result)))
    if type(result) is tuple:
        return tuple(as_objects(frame, item) for item in result)
    if isinstance(result, Row):
        return frame.world.allocate(ListObject(result.parts))
    if isinstance(result, Choice):
        return mapped(result, lambda one: as_objects(frame, one))
    return result


def plain(frame: Frame, value: Value) -> Value:
    """The value as operators take it: lists as Python lists, what has become known put in."""
    if isinstance(value, Ref):
        content = frame.world.heap.get(value.id)
        if isinstance(content, ListObject):
            if content.items is None:
                return _open_row(frame, content)
            return [plain(frame, item) for item in content.items]
        if isinstance(content, DictObject) and not content.open:
            return {key: plain(frame, item) for key, item in content.entries.items()}
        return value
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(plain(frame, item) for item in value)
    if isinstance(value, Range):
        return _open_row(frame, ListObject(row_of(frame, value)))
    if isinstance(value, SizesOf):
        settled = frame.world.settle_shape(value.shape)
        return settled.dims if settled.known else SizesOf(settled, value.spread)
    if isinstance(value, Ratio):
        return NumberType("float32")
    if isinstance(value, Builtin):
        return PYTHON_TYPES.get(value.name, value)
    if isinstance(value, slice):
        return slice(*(plain(frame, part) for part in (value.start, value.stop, value.step)))
    if isinstance(value, Choice):
        return mapped(value, lambda one: plain(frame, one))
    return frame.world.settle(value)


def for_each_dim(frame: Frame, part: Value) -> tuple[Value, ...]:
    """A part of a row; one in which an item stands for each of the dims that a tensor has, as operators take it."""
    is_told = isinstance(part, Many) and part.count is not None and (not part.varying or part.begins is not None)
    if not is_told or not frame.world.lengths:
        return (part,)
    count = frame.world.renamed(part.count)
    if count is part.count and frame.world.counted(count) is None:
        return (part,)
    group, number, counted = tuple(plain(frame, item) for item in part.group), count.value, frame.world.counted(count)
    if number is not None and number * len(group) <= MOST_SPREAD:
        return group * number if part.begins is None else tuple(map(const, range(part.begins, part.begins + number)))
    return (part,) if counted is None else (PerDim(group, *counted, part.begins),)


def _open_row(frame: Frame, content: ListObject) -> Value:
    """A list of which the number of items is no plain number, as far as operators can make something of it."""
    for_each = [one for part in content.row for one in for_each_dim(frame, part)]
    if not any(isinstance(part, Many) for part in for_each):
        return [part if isinstance(part, PerDim) else plain(frame, part) for part in for_each]
    parts: list[Value] = []
    for part in content.row:
        if not isinstance(part, Many):
            parts.append(plain(frame, part))
            continue
        items = [plain(frame, item) for item in part.group]
        group = tuple(map(_what_all_are, items))
        if not all(map(_may_be_in_a_row, group)):
            return unknown("a list whose length is not known")
        count = None if part.count is None else frame.world.renamed(part.count)
        each = _symbols(group) - _symbols([one for item in items for one in alternatives(item)])
        of = part.of if isinstance(part.of, Tensor) else None
        parts.append(Many(group, count, part.varying | each, of=of, last=part.last))
    return Row(tuple(parts))


def _what_all_are(item: Value) -> Value:
    """What an item of a row is in each of its ways; the parts of a tuple by themselves."""
    if type(item) in (tuple, list):
        return type(item)(map(_what_all_are, item))
    return in_common([*item.values]) if isinstance(item, Choice) else item


def _symbols(values: Iterable[Value]) -> frozenset[Symbol]:
    sizes = [value.shape.seen() if isinstance(value, Tensor) else (value,) for value in values]
    return frozenset(symbol for row in sizes for size in row if isinstance(size, Dim) for symbol in size.symbols)


def _may_be_in_a_row(item: Value) -> bool:
    if type(item) in (tuple, list):
        return all(map(_may_be_in_a_row, item))
    return isinstance(item, (Tensor, Dim, Unknown, bool, float, NumberType, Row))
