"""What a value gives when it is run over: items one by one, or many of which the number is a size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelint.dims import Dim, const, maximum, symbol
from shapelint.dims.atoms import Opaque
from shapelint.interp.objects.held_modules import held_by
from shapelint.interp.paths.join import choice, mapped
from shapelint.interp.state.ground import count_by_name, size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.remaking import fresh, of_its_own, one_time, repeated
from shapelint.interp.state.turns import Moment
from shapelint.interp.state.values import (
    Choice,
    Container,
    DictObject,
    Instance,
    ListObject,
    Range,
    Ref,
    Value,
    unknown,
)
from shapelint.ops.needs import LEAST, Context
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape

MOST_ITEMS = 64
Parts = tuple[Value, ...]
"""Values, and a `Many` for each part of which the number is no plain number."""


def row_of(frame: Frame, value: Value) -> Parts:
    """All that a value gives, in order."""
    value = frame.world.settle(value)
    if isinstance(value, (tuple, str)):
        return tuple(value)
    if isinstance(value, Range):
        return _range_items(frame, value)
    if isinstance(value, SizesOf):
        shape = frame.world.settle_shape(value.shape)
        return shape.dims if shape.known else (Many((unknown("a size of a shape that is not known"),)),)
    if isinstance(value, Ref):
        content = frame.world.heap.get(value.id)
        if isinstance(content, ListObject):
            return tuple(_settled(frame, part) for part in content.row)
        if isinstance(content, DictObject):
            return (Many((unknown("a key"),)),) if content.open else tuple(content.entries)
        if isinstance(content, Instance):
            content = held_by(frame, content)
        if isinstance(content, Container):
            if content.kind in ("ModuleDict", "ParameterDict") and content.parts is not None:
                return content.names
            return tuple(_settled(frame, part) for part in content.row)
    if isinstance(value, Tensor):
        return _slices(frame, value)
    if isinstance(value, Choice):
        rows = [row_of(frame, one) for one in value.values]
        if len({*map(len, rows)}) == 1 and not any(isinstance(part, Many) for row in rows for part in row):
            return tuple(choice(column, value.paths) for column in zip(*rows, strict=True))
        return (any_number_of(frame, [part for row in rows for part in row]),)
    if isinstance(value, Unknown):
        count = count_by_name(value.origin) if value.origin else None
        return (Many((of_its_own(value),), count, of=value if value.origin else None),)
    return (Many((unknown("what is run over"),)),)


def _settled(frame: Frame, part: Value) -> Value:
    if isinstance(part, Many) and part.count is not None:
        count = frame.world.renamed(part.count)
        return part if count is part.count else replace(part, count=count)
    return part


def known_place(frame: Frame, part: Value) -> int | str | None:
    """The number that a part of an index is, None where it is None; "?" where it is not known."""
    if part is None:
        return None
    if isinstance(part, bool):
        return int(part)
    known = frame.world.value_of(part) if isinstance(part, Dim) else None
    return "?" if known is None else known


def any_of(frame: Frame, row: Sequence[Value]) -> Value:
    """What each item of a row is."""
    items = [item for part in row for item in (one_time(frame.world, part) if isinstance(part, Many) else (part,))]
    return choice(items) if items else unknown("an item of an empty list")


def any_number_of(frame: Frame, row: Sequence[Value], count: Dim | None = None) -> Many:
    """Items each of which may be any of a row's: one that stands for all theirs is new each time."""
    since = Moment()
    return repeated(frame.world, (any_of(frame, row),), count, since)


def items_of(frame: Frame, value: Value) -> tuple[list[Value] | None, Value]:
    """The items that a value gives, or None with what each of them is where their number is not known."""
    row = row_of(frame, value)
    if any(isinstance(part, Many) for part in row):
        return None, any_of(frame, row)
    return list(row), None


def _least_of(frame: Frame, value: Range, step: int | None) -> int:
    """The least number of a range, 0 where nothing tells of one below: what is counted is mostly a place."""
    low = value.stop + 1 if step is not None and step < 0 else value.start
    least, most = frame.world.facts.bounds(low)
    if least is None:
        least = LEAST if most is not None and most < 0 else 0
    return min(least, 0)


def _range_items(frame: Frame, value: Range) -> Parts:
    start, stop, step = (frame.world.value_of(part) for part in (value.start, value.stop, value.step))
    if start is not None and stop is not None and step:
        numbers = range(start, stop, step)
        if not numbers[MOST_ITEMS:]:  # of 2**63 turns, say, there is no `len`
            return tuple(const(n) for n in numbers)
    index = symbol("i", scope=next(Context.serial), free=False, minimum=_least_of(frame, value, step))
    length = length_of(frame, value)
    begins, starts = (start, value.start) if step == 1 else (None, None)
    return (Many((index,), length if isinstance(length, Dim) else None, index.symbols, begins, starts=starts),)


def _slices(frame: Frame, value: Tensor) -> Parts:
    if not value.shape.known or value.rank == 0:
        count = value.shape.front[0] if value.shape.front else None
        return (Many((Unknown("a slice of a tensor", given=value.shape.given),), count),)
    if is_told(frame, value):
        item = Unknown("an item of what a docstring calls a tensor: it may be a list of them", given=True)
        return (Many((item,), value.shape.front[0]),)
    piece = Tensor(Shape(value.shape.front[1:]), None, value.dtype, value.device)
    length = frame.world.value_of(value.shape.front[0])
    if length is not None and length <= MOST_ITEMS:
        return (piece,) * length
    return (Many((piece,), value.shape.front[0]),)


def is_told(frame: Frame, value: Tensor) -> bool:
    """Whether a value is a tensor by a docstring's word alone; one that is run over is mostly a list."""
    scope: Frame | None = frame
    while scope is not None:
        if any(value is told for told in scope.letters.told):
            return True
        scope = scope.caller or scope.parent
    return False


def _length_of_item(frame: Frame, value: Unknown) -> Value:
    """How long one of several things is that go by one name: the same each time, and not what another one is."""
    parts = value.first.parts
    if "len()" not in parts:
        parts["len()"] = Unknown("how long an item is", "_", minimum=0, given=value.given)
    return size_of(frame.world, parts["len()"]) or parts["len()"]


def is_count_of(size: Dim, name: str) -> bool:
    """Whether a size is how many items there are of what goes by a name: `classes` of `len(self.classes)`."""
    labels = [atom.label for atom in size.atoms if isinstance(atom, Opaque) and size is atom.dim and not atom.args]
    return any(label == f"len({name})" or (label[:4] == "len(" and label.endswith(f".{name})")) for label in labels)


def length_of(frame: Frame, value: Value) -> Value:
    """`len(value)`."""
    value = frame.world.settle(value)
    if isinstance(value, Unknown) and value.origin:
        return _length_of_item(frame, value) if value.first.is_item else count_by_name(value.origin)
    if isinstance(value, Tensor):
        if value.shape.front:
            return value.shape.front[0]
        return unknown("the length of a tensor of unknown shape")
    if isinstance(value, Range):
        return _range_length(frame, value)
    if isinstance(value, SizesOf):
        return frame.world.rank_of(value.shape)
    if isinstance(value, Choice):
        return mapped(value, lambda one: length_of(frame, one))
    length = count_of(row_of(frame, value))
    return length if length is not None else unknown("a length")


def count_of(row: Sequence[Value]) -> Dim | None:
    """How many items a row holds, None where that is not known."""
    total = const(0)
    for part in row:
        if not isinstance(part, Many):
            total = total + 1
        elif part.count is None:
            return None
        else:
            total = total + part.count * len(part.group)
    return total


def _range_length(frame: Frame, value: Range) -> Value:
    most = frame.world.facts.upper(value.step)
    ahead = most is None or most >= 0
    width, stride = (value.stop - value.start, value.step) if ahead else (value.start - value.stop, -value.step)
    if stride.value == 0:
        return unknown("a range with a step of 0")  # on a path that is not taken
    least = frame.world.facts.lower(width)
    if frame.world.counted(width) is not None:
        least = 0  # who runs over the dims that are left has as many
    width = width if least is not None and least >= 0 else maximum(width, const(0))
    return width if stride.value == 1 else (width + stride - 1) // stride


def zipped(frame: Frame, rows: Sequence[Parts]) -> Parts:
    """What `zip` gives for rows: pairs one by one as far as their parts are as long as each other."""
    if not rows:
        return ()
    if all(not isinstance(part, Many) for row in rows for part in row):
        return tuple(zip(*rows, strict=False))
    if all(_alike(rows[0], row) for row in rows[1:]):
        return tuple(_side_by_side(parts) for parts in zip(*rows, strict=True))
    if (drawn := _drawn_level(frame, rows)) is not None:
        return tuple(_side_by_side(parts) for parts in zip(*drawn, strict=True))
    element = tuple(any_of(frame, row) for row in rows)
    counts = [count_of(row) for row in rows]
    known = {count for count in counts if count is not None}
    return (Many((element,), known.pop() if len(known) == 1 and None not in counts else None),)


def columns_of(frame: Frame, rows: Parts) -> list[Parts] | None:
    """What `zip(*rows)` gives for rows of as many items each, be the number of rows known or not; None for others."""
    members = [part.group if isinstance(part, Many) else (part,) for part in rows]
    items = [[items_of(frame, frame.world.settle(member))[0] for member in group] for group in members]
    widths = {len(one) if one is not None else None for group in items for one in group}
    width = widths.pop() if len(widths) == 1 else None
    if width is None:
        return None
    columns: list[Parts] = []
    for place in range(width):
        taken = [tuple(one[place] for one in group if one is not None) for group in items]
        pairs = zip(rows, taken, strict=True)
        columns.append(
            tuple(replace(one, group=its, last=()) if isinstance(one, Many) else its[0] for one, its in pairs)
        )
    return columns


def _alike(row: Parts, other: Parts) -> bool:
    """Whether two rows have parts of as many items each, in the same order."""

    def length(part: Value) -> object:
        if not isinstance(part, Many):
            return False
        return part.count is None or (part.count, len(part.group))

    return len(row) == len(other) and all(
        length(a) == length(b) and length(a) is not True for a, b in zip(row, other, strict=True)
    )


def _drawn_level(frame: Frame, rows: Sequence[Parts]) -> list[Parts] | None:
    """Rows of as many items in which one item stands so many times, its first and last ones set apart until all have
    their parts at the same places: `[a] + [h] * n` beside `[h] * n + [b]`. None of other rows.

    A number of which nothing is known but that it may be 1 or more is taken for more, as every size is.
    """
    places = [_place_of_same(row) for row in rows]
    counts = {row[at].count for row, at in zip(rows, places, strict=True) if at is not None}
    if None in places or len(counts) != 1 or len({len(row) for row in rows}) != 1:
        return None
    known = [at for at in places if at is not None]
    ahead, taken = max(known), max(known) - min(known)
    (count,) = counts
    least = frame.world.facts.lower(count) if count is not None else None
    if count is None or least is None or least < taken - 1:
        return None
    drawn: list[Parts] = []
    for row, at in zip(rows, known, strict=True):
        (item,) = row[at].group
        front, back = ahead - at, taken - (ahead - at)
        drawn.append(
            (*row[:at], *[item] * front, replace(row[at], count=count - taken), *[item] * back, *row[at + 1 :])
        )
    return drawn


def _place_of_same(row: Parts) -> int | None:
    """Where in a row one item stands any number of times, each time the same, and all others stand once."""
    places = [at for at, part in enumerate(row) if isinstance(part, Many)]
    many = row[places[0]] if len(places) == 1 else None
    if not isinstance(many, Many) or many.varying or many.ways is not None or many.begins is not None:
        return None
    return places[0] if len(many.group) == 1 and many.starts is None and not many.last else None


def _side_by_side(parts: tuple[Value, ...]) -> Value:
    if not isinstance(parts[0], Many):
        return parts
    varying = frozenset().union(*(part.varying for part in parts))
    group = tuple(zip(*(part.group for part in parts), strict=True))
    starts = parts[0].starts if isinstance(parts[0].group[0], Dim) else None
    return Many(group, parts[0].count, varying, starts=starts)


def numbered(row: Parts, start: Dim) -> Parts:
    """What `enumerate` gives for a row."""
    found: list[Value] = []
    for part in row:
        if not isinstance(part, Many):
            found.append((start, part))
            start = start + 1
            continue
        index = fresh()
        group = tuple((index if len(part.group) == 1 else fresh(), item) for item in part.group)
        indexes = frozenset(one for place, _ in group for one in place.symbols)
        starts = start if len(group) == 1 else None
        found.append(Many(group, part.count, part.varying | indexes, starts=starts))
        start = start + part.count * len(part.group) if part.count is not None else fresh()
    return tuple(found)


def backwards(row: Parts) -> Parts:
    """A row from its end to its beginning."""
    return tuple(
        Many(part.group[::-1], part.count, part.varying) if isinstance(part, Many) else part for part in reversed(row)
    )


def is_never_empty(frame: Frame, row: Parts) -> bool:
    """Whether a row surely holds an item."""
    return any(not isinstance(part, Many) or surely_runs(frame, part.count) for part in row)


def surely_runs(frame: Frame, count: Dim | None, times: int = 1) -> bool:
    """Whether a number of times is known to be at least so many."""
    if count is None:
        return False
    least = frame.world.facts.lower(count)
    return least is not None and least >= times


def without_repeated(frame: Frame, row: Sequence[Value]) -> ListObject:
    """What a set holds of a row: each once; any number of them where it is not known which are alike."""
    if all(isinstance(one, str) or one is None or (isinstance(one, Dim) and one.value is not None) for one in row):
        return ListObject(tuple(dict.fromkeys(row)))
    if len(row) == 1 and not isinstance(row[0], Many):
        return ListObject(tuple(row))
    return ListObject.some(any_of(frame, tuple(row)))


def are_alike(row: Parts) -> bool:
    """Whether no size of what stands in a row is each item's own."""
    return not any(isinstance(part, Many) and part.varying for part in row)
