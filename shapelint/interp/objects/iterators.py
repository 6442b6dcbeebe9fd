"""`iter` and `next`: a row of its own, from which each `next` takes what comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapelint.dims import const
from shapelint.interp.objects.rows import items_of, row_of
from shapelint.interp.paths.join import choice
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Container, ListObject, Range, Ref, Value, unknown
from shapelint.ops.rows import Many
from shapelint.program import nodes


def iterator(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """`iter(layers)`: what is taken from it stays in the list."""
    if not args:
        return unknown("iter()", node.at[0])
    content = frame.world.heap.get(args[0].id) if isinstance(args[0], Ref) else None
    if isinstance(content, (ListObject, Container)) or isinstance(args[0], Range) or type(args[0]) is tuple:
        return frame.world.allocate(ListObject(row_of(frame, args[0])))
    return args[0]


def next_item(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """`next(it)`: the first item, which is gone from what is left; a default where nothing is."""
    ref = args[0] if args else None
    content = frame.world.heap.get(ref.id) if isinstance(ref, Ref) else None
    if isinstance(content, ListObject) and isinstance(ref, Ref):
        row = row_of(frame, ref)
        if not row:
            return args[1] if len(args) > 1 else unknown("next() of what has no more items", node.at[0])
        if not isinstance(row[0], Many):
            frame.world.heap[ref.id] = ListObject(row[1:])
            return row[0]
        if row[0].count is not None:
            frame.world.heap[ref.id] = ListObject((replace(row[0], count=row[0].count - const(1), of=None), *row[1:]))
    items, element = items_of(frame, ref) if args else (None, None)
    found = [element] if items is None else items
    return choice([*found, *args[1:]]) if found or args[1:] else unknown("next()", node.at[0])
