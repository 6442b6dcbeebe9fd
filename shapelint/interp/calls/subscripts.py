"""`value[index]` for tuples, lists, dicts, containers, rows of sizes and tensors."""

from __future__ import annotations

import re
from dataclasses import replace

from shapelint.dims import Dim, const, maximum
from shapelint.interp.calls.classes import class_attribute
from shapelint.interp.calls.functions import call_function
from shapelint.interp.objects.formatted import may_be_key
from shapelint.interp.objects.held_modules import held_by
from shapelint.interp.objects.places import item_at
from shapelint.interp.objects.rows import any_number_of, any_of, backwards, is_told, known_place
from shapelint.interp.objects.rules import fail, of_each, run_rule
from shapelint.interp.paths.join import alternatives, choice, mapped
from shapelint.interp.state.ground import Ground, size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.remaking import of_its_own
from shapelint.interp.state.values import (
    Choice,
    ClassValue,
    Container,
    DictObject,
    External,
    FunctionValue,
    Instance,
    ListObject,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.call import apply
from shapelint.ops.needs import CannotRun, Trouble
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import NotKnown, Run, Shape


def subscript(frame: Frame, value: Value, index: Value, expr: nodes.Subscript) -> Value:
    """`value[index]`."""
    value = frame.world.settle(value)
    if isinstance(value, Unknown):
        tensor = (
            Ground(frame.world).as_tensor(value)
            if value.origin and not value.is_result and _is_of_tensor(index)
            else None
        )
        if tensor is None:
            return _of_unknown(frame, value, index)
        value = tensor
    if isinstance(value, Choice) and not any(isinstance(one, Tensor) for one in value.values):
        return of_each(frame, value.values, lambda one: subscript(frame, one, index, expr), value.paths)
    if isinstance(index, str) and isinstance(value, (Tensor, Choice)):
        return unknown("an item of what may be no tensor", expr.at[0])
    if isinstance(value, (Tensor, Choice)):
        index = told_by_its_name(frame, index, expr.index)
        of_tensor = all(isinstance(one, Tensor) for one in alternatives(value))
        get = "torch.Tensor.__getitem__"
        item = run_rule(frame, expr, lambda a, k: apply(get, a, k), [value, index], {}, "x[...]", of_tensor=of_tensor)
        if isinstance(index, Dim) and isinstance(value, Tensor) and isinstance(expr.value, nodes.Attribute):
            return choice([item, value]) if is_told(frame, value) else item  # it may be said of each of several
        return item
    if isinstance(value, ClassValue) and any(name.endswith("Enum") for name in value.externals):
        return unknown(f"a member of {value.name}", expr.at[0])
    if isinstance(value, (External, ClassValue)):
        return value  # a type with its parameters: `List[int]`
    if isinstance(value, SizesOf):
        return _of_sizes(frame, value, index)
    if isinstance(value, (tuple, str)):
        return _of_sequence(frame, value, index, expr)
    if isinstance(value, Ref):
        item = item_at(frame, value, index) if isinstance(index, Dim) else None
        return _of_object(frame, value, index, expr) if item is None else item
    return unknown("an item of a value", expr.at[0])


def told_by_its_name(frame: Frame, index: Value, expr: nodes.Expr) -> Value:
    """An index of which nothing tells whether it is a mask or holds ints, by what its author calls it."""
    if type(index) is tuple and isinstance(expr, nodes.Sequence) and len(index) == len(expr.items):
        return tuple(told_by_its_name(frame, one, part) for one, part in zip(index, expr.items, strict=True))
    inverted = isinstance(expr, nodes.Unary) and expr.op == "~"
    named = expr.operand if isinstance(expr, nodes.Unary) else expr
    name = named.attr if isinstance(named, nodes.Attribute) else getattr(named, "id", "")
    is_mask = inverted or _MASK.search(name) is not None
    index = frame.world.settle(index)
    if isinstance(index, Unknown) and index.origin and not index.is_object and is_mask:
        index = Ground(frame.world).as_tensor(index) or index
    if not isinstance(index, Tensor) or index.dtype is not None or not (is_mask or _INTS.search(name)):
        return index
    return replace(index, dtype="bool" if is_mask else "int64")


_MASK = re.compile(r"(?:^|_)masks?\d*$|^(?:is|has)_|(?:^|_)valid$")
_INTS = re.compile(r"(?:^|_)(?:idx|idxs|index|indices|inds|ids|perm|permutation)\d*$")


def _of_unknown(frame: Frame, value: Unknown, index: Value) -> Value:
    """An item of an unknown: of a named one, at a place that is known, one that goes by a name of its own."""
    place = index if isinstance(index, str) else known_place(frame, index) if isinstance(index, Dim) else "?"
    if not value.origin or place == "?":
        return Unknown(value.reason, line=value.line, given=value.given and value.first not in frame.world.written)
    part = frame.part_of(value, f"[{place!r}]")
    if not value.of_sizes or value.free or isinstance(index, str):
        return part
    part.minimum = value.minimum
    return size_of(frame.world, part) or part  # an int by its annotation: `shape: tuple[int, ...]`


def _is_of_tensor(index: Value) -> bool:
    """Whether only a tensor (or an array) can be indexed so: `x[:, 0]`, `x[..., 1]`, `x[None]`."""
    if type(index) is tuple:
        return any(isinstance(part, slice) or part is None or part is Ellipsis for part in index)
    return index is None or index is Ellipsis


def _of_sequence(frame: Frame, value: tuple[Value, ...] | str, index: Value, expr: nodes.Subscript) -> Value:
    if isinstance(index, slice):
        bounds = [known_place(frame, part) for part in (index.start, index.stop, index.step)]
        if any(part == "?" for part in bounds):
            return unknown("a slice of a tuple", expr.at[0])
        return value[slice(*bounds)]  # type: ignore[arg-type]
    at = known_place(frame, index)
    if isinstance(at, int):
        if -len(value) <= at < len(value):
            return value[at]
        if isinstance(value, tuple) and value and all(isinstance(item, Dim) for item in value):
            text = f"index {at} of a shape of {len(value)} dims {Shape(tuple(value))}"
            return fail(frame, expr, CannotRun(text, Trouble.DIM_INDEX))
        return unknown("an index out of range", expr.at[0])
    items = list(value)
    return choice(items) if items and not all(isinstance(item, Dim) for item in items) else unknown("an item")


def _of_object(frame: Frame, value: Ref, index: Value, expr: nodes.Subscript) -> Value:
    content = frame.world.heap.get(value.id)
    if isinstance(content, ListObject):
        if content.items is None:
            return _of_row(frame, content.row, index)
        at = known_place(frame, index)
        if isinstance(at, int) and not -len(content.items) <= at < len(content.items):
            return unknown("an index out of range", expr.at[0])  # of a list, and not of a shape
        found = _of_sequence(frame, content.items, index, expr)
        return frame.world.allocate(ListObject(found)) if isinstance(index, slice) and type(found) is tuple else found
    if isinstance(content, DictObject):
        key = frame.world.value_of(index) if isinstance(index, Dim) else index
        if isinstance(key, (str, int, float)) and key in content.entries:
            return content.entries[key]
        fitting = [kept for name, kept in content.entries.items() if may_be_key(key, name)]
        if content.open and content.element is None:
            return unknown("an item of a dict", expr.at[0])
        values = [*fitting, *(of_its_own(one) for one in [content.element] if one is not None)]
        found = choice(values) if values else unknown("an item of a dict", expr.at[0])
        if isinstance(key, str) and not fitting and values:  # the same the next time
            frame.world.heap[value.id] = DictObject({**content.entries, key: found}, content.open, content.element)
        return found
    if isinstance(content, Instance):
        get = class_attribute(content.type, "__getitem__")
        if isinstance(get, FunctionValue):
            return call_function(frame, get, [value, index], {}, nodes.Call(expr.at, expr, ()))
        content = held_by(frame, content)
    if isinstance(content, Container):
        return _of_container(frame, content, index, expr)
    return unknown("an item of an object", expr.at[0])


def _of_row(frame: Frame, row: tuple[Value, ...], index: Value) -> Value:
    """An item, or a slice, of a list of which the number of items is no plain number."""
    if isinstance(index, slice):
        cut = _cut_row(frame, row, index)
        return frame.world.allocate(ListObject((any_number_of(frame, row),) if cut is None else cut))
    at = known_place(frame, index)
    if isinstance(at, int):
        singles = row if at >= 0 else row[::-1]
        place = at if at >= 0 else -1 - at
        if place < len(singles) and not any(isinstance(part, Many) for part in singles[: place + 1]):
            return singles[place]
        if len(row) == 1 and isinstance(row[0], Many) and isinstance(row[0].of, Unknown):
            return _of_unknown(frame, row[0].of, index)  # the same each time, and what the whole has there
    return _one_of_many(frame, any_of(frame, row))


def _cut_row(frame: Frame, row: tuple[Value, ...], index: slice) -> tuple[Value, ...] | None:
    """The parts that a slice leaves, None where that cannot be told: items one by one at an end are cut off."""
    start, stop, step = (known_place(frame, part) for part in (index.start, index.stop, index.step))
    if step == -1 and start is None and stop is None:
        return backwards(row)
    if step not in (None, 1) or not isinstance(start or 0, int) or not isinstance(stop or 0, int):
        return None
    first, last = int(start or 0), 0 if stop is None else int(stop)
    if first < 0 or last > 0 or (stop is not None and last == 0):
        return None
    kept = _without(row, first)
    kept = kept if kept is None else _without(kept[::-1], -last)
    return None if kept is None else kept[::-1]


def _without(row: tuple[Value, ...], count: int) -> tuple[Value, ...] | None:
    """A row without so many items at its beginning, where those stand there one by one or as many alike."""
    left = list(row)
    for _ in range(count):
        if not left:
            return None
        part = left[0]
        if not isinstance(part, Many):
            left.pop(0)
        elif len(part.group) == 1 and part.count is not None and len(left) == 1:
            left[0] = Many(part.group, maximum(part.count - 1, const(0)), part.varying)
        else:
            return None
    return tuple(left)


def _one_of_many(frame: Frame, element: Value) -> Value:
    """An item of a list of unknown length: what no item is known to have in common is its own."""
    element = frame.world.settle(element)
    if isinstance(element, Choice):
        return mapped(element, lambda one: of_its_own(one) if isinstance(one, Unknown) else one)
    if not isinstance(element, Tensor):
        return of_its_own(element) if isinstance(element, Unknown) else element
    ground, shape = Ground(frame.world), element.shape
    own = shape.map(
        lambda size: ground.fresh("_") if size.as_symbol is not None and size.as_symbol.name == "_" else size
    )
    if own.run is not None:
        own = Shape(own.front, own.run.rest(), own.back)
    return element if own == shape else Tensor(own, None, element.dtype, element.device)


def _of_container(frame: Frame, content: Container, index: Value, expr: nodes.Subscript) -> Value:
    if content.parts is None:
        if not isinstance(index, slice):
            return _of_row(frame, content.row, index)
        cut = _cut_row(frame, content.row, index)
        row = (any_number_of(frame, content.row),) if cut is None else cut
        return frame.world.allocate(Container.numbered(content.kind, row))
    if isinstance(index, str):
        return dict(content.parts).get(index, unknown(f"no part {index}", expr.at[0]))
    if isinstance(index, slice):
        chosen = _of_sequence(frame, tuple(content.parts), index, expr)
        if not isinstance(chosen, tuple):
            return chosen
        return frame.world.allocate(Container.numbered(content.kind, [part for _, part in chosen]))
    at = known_place(frame, index)
    values = content.row
    if isinstance(at, int):
        return values[at] if -len(values) <= at < len(values) else unknown("an index out of range", expr.at[0])
    return choice(values) if values else unknown("a part of an empty container", expr.at[0])


def _of_sizes(frame: Frame, value: SizesOf, index: Value) -> Value:
    shape = frame.world.settle_shape(value.shape)
    if isinstance(index, slice):
        return _cut(frame, shape, index)
    at = known_place(frame, index)
    if not isinstance(at, int):
        return unknown("a size of a shape that is not known")
    if shape.known and not -shape.rank <= at < shape.rank:
        return unknown("a size of a shape that has fewer")
    try:
        return shape[at]
    except NotKnown:
        return _seen(frame, shape, at)


def _seen(frame: Frame, shape: Shape, at: int) -> Dim:
    """A size within the unknown run, which is seen from here on: a new symbol named after where it stands."""
    run = shape.run
    assert run is not None
    if shape.back if at >= 0 else shape.front:  # the dims seen from the other end may be the same ones
        return Ground(frame.world).fresh(frame.hint or "_", minimum=0)
    name = frame.hint or (f"{run.name}.shape[{at}]" if run.name else "_")
    missing = at + 1 - len(shape.front) if at >= 0 else -at - len(shape.back)
    sizes = Ground(frame.world)
    new = tuple(
        sizes.fresh(name if i == (missing - 1 if at >= 0 else 0) else "_", free=run.chosen, minimum=1)
        for i in range(missing)
    )
    rest = run.rest()
    frame.world.fill(run, Shape(new, rest) if at >= 0 else Shape((), rest, new))
    return frame.world.settle_shape(shape)[at]


def _cut(frame: Frame, shape: Shape, index: slice) -> Value:
    start, stop, step = (known_place(frame, part) for part in (index.start, index.stop, index.step))
    if step not in (None, 1) or "?" in (start, stop):
        return unknown("a slice of a shape that is not known")
    first, last = (start or 0), stop
    assert isinstance(first, int) and not isinstance(last, str)
    for end, at in ((first, first), (last, (last or 0) - 1)):
        if shape.run is None:
            continue
        if end is not None and end < 0 and -end > len(shape.back):
            _seen(frame, shape, end)
        elif end is not None and end > 0 and end > len(shape.front):
            _seen(frame, shape, at if end is last else end - 1)
        shape = frame.world.settle_shape(shape)
    try:
        return shape[slice(first, last)]
    except NotKnown:
        pass
    if first >= 0 and (last is None or last < 0) and first <= len(shape.front):
        unseen = -(last or 0) - len(shape.back)  # of the dims cut off at the end, which may be those at the front
        if unseen > 0:
            return SizesOf(Shape(shape.front[first : max(first, len(shape.front) - unseen)], Run.fresh()))
        return SizesOf(Shape(shape.front[first:], shape.run, shape.back[: len(shape.back) + (last or 0)]))
    return unknown("a slice of a shape that is not known")
