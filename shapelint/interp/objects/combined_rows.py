"""What is made of rows: others by `itertools`, one after the other, repeated, each with each; the sum of all in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import comb, perm

from shapelint.dims import Dim, const
from shapelint.interp.objects.rows import MOST_ITEMS, Parts, any_number_of, any_of, count_of, row_of
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import ListObject, Value, unknown
from shapelint.ops.join_rows import stack_row
from shapelint.ops.needs import CannotRun, using
from shapelint.ops.rows import Many, Row
from shapelint.program import nodes
from shapelint.shapes import NotKnown


def _chain(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    row = [part for value in args for part in row_of(frame, value)]
    if "*" in kwargs:  # rows whose number is not known
        row.append(any_number_of(frame, row_of(frame, any_of(frame, kwargs["*"]))))
    return frame.world.allocate(ListObject(tuple(row)))


def _chain_of(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """`itertools.chain.from_iterable(rows)`: one row after the other."""
    row: list[Value] = []
    for part in row_of(frame, args[0]) if args else ():
        if isinstance(part, Many):
            row.append(any_number_of(frame, row_of(frame, any_of(frame, part.group))))
        else:
            row += row_of(frame, part)
    return frame.world.allocate(ListObject(tuple(row)))


def _repeat(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """`itertools.repeat(value, times)`; without end where no number is given."""
    if not args:
        return unknown("repeat()", node.at[0])
    times = args[1] if len(args) > 1 else kwargs.get("times")
    count = frame.world.value_of(times) if isinstance(times, Dim) else None
    if count is None or count > MOST_ITEMS:
        return frame.world.allocate(ListObject((Many((args[0],), times if isinstance(times, Dim) else None),)))
    return frame.world.allocate(ListObject((args[0],) * max(0, count)))


def _product(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """`itertools.product(a, b)`: a tuple of one of each, as many as their numbers multiplied."""
    times = _number(frame, kwargs.get("repeat", const(1)))
    if times is None or "*" in kwargs or times * len(args) > MOST_ITEMS:
        return unknown("rows whose number is not known", node.at[0])
    rows = [row_of(frame, value) for value in args] * times
    counts = [count_of(row) for row in rows]
    total: Dim | None = const(1)
    for count in counts:
        total = None if total is None or count is None else total * count
    return _so_many(frame, tuple(any_of(frame, row) for row in rows), total)


def _chosen(ways: Callable[[int, int], int], *, whole: bool) -> Callable[..., Value]:
    """Tuples of some items of a row, in so many `ways`; of all of them where no number is given and `whole` is True."""

    def rule(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
        row = row_of(frame, args[0]) if args else ()
        count = count_of(row)
        size = args[1] if len(args) > 1 else kwargs.get("r", count if whole else None)
        each, all_of_them = _number(frame, size), _number(frame, count)
        if each is None or each > MOST_ITEMS:
            return unknown("how many items are chosen", node.at[0])
        total = None if all_of_them is None else const(ways(all_of_them, each))
        return _so_many(frame, tuple(any_of(frame, row) for _ in range(each)), total)

    return rule


def _number(frame: Frame, value: Value) -> int | None:
    return frame.world.value_of(value) if isinstance(value, Dim) else None


def _so_many(frame: Frame, item: tuple[Value, ...], count: Dim | None) -> Value:
    return frame.world.allocate(ListObject((Many((item,), count),)))


OF_ITERTOOLS: dict[str, Callable[..., Value]] = {
    "chain": _chain,
    "chain.from_iterable": _chain_of,
    "repeat": _repeat,
    "product": _product,
    "permutations": _chosen(perm, whole=True),
    "combinations": _chosen(comb, whole=False),
}


def summed(frame: Frame, row: Parts) -> list[Value] | None:
    """What as large tensors as a loop made, which are added to each other, come to; None where that is not told."""
    part = row[0]
    if not isinstance(part, Many) or len(part.group) != 1:
        return None
    with using(Ground(frame.world)):
        try:
            whole = stack_row(Row(row), 0)
        except (CannotRun, NotKnown):
            return None
    return [whole.with_shape(*whole.shape.dims[1:])] if whole.shape.known else None
