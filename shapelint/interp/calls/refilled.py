"""Functions that put other objects into a list that they are given, one in the place of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import ListObject, Ref, Value, unknown
from shapelint.ops.rows import Many
from shapelint.program import nodes

_LISTS = {"all_gather_object": 0, "broadcast_object_list": 0, "scatter_object_list": 0, "gather_object": 1}
"""Where the list stands among the arguments, or under a name that tells of a list."""


def _refilling(place: int) -> Callable[[Frame, Sequence[Value], Mapping[str, Value], nodes.Call], Value]:
    def special(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
        named = [value for key, value in kwargs.items() if key.endswith("list")]
        for value in (*args[place : place + 1], *named):
            _refill(frame, value, node.at[0])
        return None

    return special


def _refill(frame: Frame, value: Value, line: int) -> None:
    for one in alternatives(value):
        content = frame.world.heap.get(one.id) if isinstance(one, Ref) else None
        if isinstance(one, Ref) and isinstance(content, ListObject):
            other = unknown("what another process sends", line)
            row = (replace(part, group=(other,), last=()) if isinstance(part, Many) else other for part in content.row)
            frame.world.heap[one.id] = ListObject(tuple(row))


REFILLING = {f"torch.distributed.{name}": _refilling(place) for name, place in _LISTS.items()}
