"""What the last item that a loop put into a list has of the sizes that the code names in each turn.

`b, c = f.shape` and `rows.append(f)` in each turn: after the loop `b` is a size of the last of them, and so of all that
can be joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shapelint.dims import Dim
from shapelint.interp.paths.join import same
from shapelint.interp.state.values import ListObject, Value
from shapelint.interp.state.world import World
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Point:
    """What the names of the code stand for at one point."""

    env: Mapping[str, Value]
    world: World

    def size(self, name: str) -> Dim | None:
        """The size that a name stands for."""
        value = self.world.settle(self.env.get(name))
        return self.world.renamed(value) if isinstance(value, Dim) else None


def note_last_items(start: Point, first: Point, entry: Point, later: Point) -> None:
    """Note in the lists at `entry`, which covers the end of each turn, what sizes the last item has.

    That is a name's where it is in the `first` turn, from `start` on, as in a `later` one, from `entry` on.
    """
    for key in entry.world.heap.written_apart(later.world.heap):
        content = entry.world.heap.get(key)
        part = content.row[-1] if isinstance(content, ListObject) and content.row else None
        if not isinstance(content, ListObject) or not isinstance(part, Many) or len(part.group) != 1:
            continue
        one, other = _added(start.world, first.world, key), _added(entry.world, later.world, key)
        if one is None or other is None or len(one) != len(other):
            continue
        names = [name for name, value in entry.env.items() if isinstance(value, Dim)]
        pairs = zip(one, other, strict=True)
        found = [
            next((entry.env[name] for name in names if (first.size(name), later.size(name)) == pair), None)
            for pair in pairs
        ]
        if any(size is not None for size in found):
            entry.world.heap[key] = ListObject((*content.row[:-1], replace(part, last=tuple(found))))


def _added(before: World, after: World, key: int) -> tuple[Dim, ...] | None:
    """The sizes of the one tensor that was added to a list."""
    old, new = before.heap.get(key), after.heap.get(key)
    if not isinstance(old, ListObject) or not isinstance(new, ListObject) or len(new.row) != len(old.row) + 1:
        return None
    added = after.settle(new.row[-1])
    if not isinstance(added, Tensor) or not added.shape.known or not all(map(same, old.row, new.row)):
        return None
    return after.settle_shape(added.shape).dims
