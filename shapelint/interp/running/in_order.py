"""`max`, `min` and `sorted`: which of several values is the greatest, and in which order they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shapelint.dims import Dim, const, maximum, minimum
from shapelint.interp.objects.arithmetic import extreme_by_use, number_of
from shapelint.interp.objects.rows import (
    are_alike,
    count_of,
    items_of,
    row_of,
)
from shapelint.interp.objects.rules import run_rule
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.running.truth import truth
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.values import (
    ListObject,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.call import apply
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Tensor, Unknown, scalar
from shapelint.program import nodes
from shapelint.shapes import Shape


def extreme_of(name: str) -> Callable[[Frame, Sequence[Value], Mapping[str, Value], nodes.Call], Value]:
    """The builtin `max` or `min`."""

    def extreme(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
        values = list(args)
        if len(values) == 1 and isinstance(values[0], Tensor) and values[0].shape.known and values[0].rank == 1:
            return run_rule(frame, node, lambda a, k: apply(f"torch.{name}", a, k), values, {}, name, of_tensor=True)
        if len(values) == 1:
            row = row_of(frame, values[0])
            if len(row) == 1 and isinstance(row[0], Many) and isinstance(row[0].of, Tensor):  # of `lengths.tolist()`
                return Ground(frame.world).number_in(row[0].of, name)
            items, each = items_of(frame, values[0])
            if items is None and isinstance(each, Dim) and are_alike(row):
                return each  # the largest of sizes that are all the same
            if items is None and all(isinstance(one, Dim) for one in alternatives(each)):
                return Ground(frame.world).fresh("_", minimum=-(2**31))
            if items is None:
                return unknown(f"{name}() of a row of unknown length", node.at[0])
            values = items
        if kwargs.get("key") is not None:
            return _first_by(frame, values, kwargs["key"], node, greatest=name == "max")
        if any(isinstance(value, Tensor) for value in values) and all(_is_one_number(value) for value in values):
            return scalar()  # one of them, be it the number or the tensor of one
        sizes = [number_of(value) for value in values]
        if not sizes or any(size is None for size in sizes):
            return extreme_by_use(name, values, node.at[0])
        known = [size for size in sizes if size is not None]
        return maximum(*known) if name == "max" else minimum(*known)

    return extreme


def _is_one_number(value: Value) -> bool:
    """Whether a value is a number, or a tensor of no dims."""
    if isinstance(value, Unknown):
        return value.is_number
    return isinstance(value, Dim) or (isinstance(value, Tensor) and value.shape == Shape())


def _first_by(frame: Frame, items: Sequence[Value], key: Value, node: nodes.Call, *, greatest: bool) -> Value:
    """The first of the items for which a key is greatest, or least; one of them where the keys are not known."""
    keys = _keys(frame, items, key, node) if items else None
    if keys is None:
        return choice(items) if items else unknown("an item of a row without any", node.at[0])
    return items[keys.index(max(keys) if greatest else min(keys))]


def _keys(frame: Frame, items: Sequence[Value], key: Value, node: nodes.Call) -> list[Any] | None:
    """What a key function gives for each item, if that is a text for each or a known number; else None."""
    found = items if key is None else [invoke(frame, key, [item], {}, node) for item in items]
    keys: list[Any] = [frame.world.value_of(one) if isinstance(one, Dim) else one for one in found]
    alike = all(isinstance(one, str) for one in keys) or all(isinstance(one, (int, float)) for one in keys)
    return keys if alike else None


def in_order(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """The builtin `sorted`."""
    items, element = items_of(frame, args[0]) if args else ([], None)
    if items is None:
        return frame.world.allocate(ListObject((Many((element,), count_of(row_of(frame, args[0]))),)))
    items_in_order = _in_order(frame, items, kwargs, node) if items else ()
    if items_in_order is None:
        return frame.world.allocate(ListObject((Many((choice(items),), const(len(items))),)))
    return frame.world.allocate(ListObject(items_in_order))


def _in_order(
    frame: Frame, items: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> tuple[Value, ...] | None:
    """Items as `sorted` puts them; None where their order is not known."""
    keys = _keys(frame, items, kwargs.get("key"), node)
    reverse = truth(frame, kwargs.get("reverse", False))
    if reverse is None or keys is None:
        return None
    places = sorted(range(len(items)), key=keys.__getitem__, reverse=reverse)
    return tuple(items[place] for place in places)
