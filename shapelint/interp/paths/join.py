"""Joining what two paths through the code leave behind, and widening what a loop keeps changing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from shapelint.dims import Dim, Facts, Symbol, symbol
from shapelint.interp.paths.defaults import may_stand_in, standing_in
from shapelint.interp.state.values import Choice, Container, DictObject, Instance, ListObject, Ratio, Value, name_of_key
from shapelint.interp.state.world import World
from shapelint.ops.rows import Many
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Tensor, Unknown, device_of_either
from shapelint.shapes import Run, Shape, first_cause

MOST_ALTERNATIVES = 8
MOST_COMPARED = 3
MOST_OBJECTS = 16  # the modules among which a name in a configuration chooses
_serial = itertools.count(1)


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that a value may be."""
    return value.values if isinstance(value, Choice) else (value,)


def choice(values: Sequence[Value], paths: Sequence[Facts | None] = ()) -> Value:
    """One of these values: the value itself where they are all alike; unknown where they are too many.

    `paths` are what is known where each of them comes about.
    """
    if len(values) == 1 and not isinstance(values[0], Choice):
        return values[0]
    kept: list[Value] = []
    known: list[Facts | None] = []
    flat = list(_with_paths(values, paths))
    unknowns = [value for value, _ in flat if isinstance(value, Unknown)]
    if unknowns:
        note_stand_ins(unknowns, [value for value, _ in flat])
        every = [value for value, _ in flat]
        found = either(unknowns, alone=_keep_alike(every), given=all(map(_of_caller, every)))
        if found.may_be_none or None not in every:
            return found
        return found.before or Unknown(found.reason, found.origin, found.line, given=found.given)
    places: dict[Hashable, int] = {}
    for value, path in flat:
        like = places.setdefault(_shape_of(value), len(kept))
        if like == len(kept):
            kept.append(value)
            known.append(path)
        else:
            if not same(value, kept[like]):
                kept[like] = _what_is_alike(kept[like], value)
            earlier = known[like]
            known[like] = earlier.shared_with(path) if earlier is not None and path is not None else None
    if 1 < len(kept) <= MOST_COMPARED:
        _keep_one_of_one_form(kept, known)
    if len(kept) == 1:
        return kept[0]
    if len(kept) > (MOST_ALTERNATIVES if any(isinstance(one, (Tensor, Dim)) for one in kept) else MOST_OBJECTS):
        return in_common(kept)
    if all(isinstance(one, Tensor) for one in kept):
        why = next(filter(None, map(_why_not_told, kept)), "")
        if why:
            return _of_some_shape(kept, why)
    return Choice(tuple(kept), tuple(known) if any(path is not None for path in known) else ())


def _keep_one_of_one_form(kept: list[Value], known: list[Facts | None]) -> None:
    """Drop the values that another one is, too, where they come about.

    `L` where `r` is 1 is `L//r`, as it is where `r` is more.
    """
    for place in range(len(kept) - 1, -1, -1):
        path = known[place]
        if path is None:
            continue
        for other, one in enumerate(kept):
            if other != place and _may_be_also(one, kept[place]) and _is_also(one, kept[place], path):
                beside = known[other]
                kept[other] = _as_told(one, kept[place])
                known[other] = None if beside is None else beside.shared_with(path)
                del kept[place], known[place]
                break


def _may_be_also(one: Value, other: Value) -> bool:
    """Whether two values are sizes, or tensors of as many dims, so that one may be the other where something holds."""
    if isinstance(one, Dim):
        return isinstance(other, Dim) and bool(one.symbols)
    are_tensors = isinstance(one, Tensor) and isinstance(other, Tensor)
    return are_tensors and one.shape.known and other.shape.known and one.rank == other.rank


def _is_also(one: Value, other: Value, path: Facts) -> bool:
    """Whether a size, or a tensor's shape, is that of another one on the way to that."""
    if path.contradictory:
        return False
    if isinstance(one, Dim):
        return path.is_equal(one, other)
    return all(a is b or path.is_equal(a, b) for a, b in zip(one.shape.dims, other.shape.dims, strict=True))


def _as_told(one: Value, other: Value) -> Value:
    return _alike(one, other) if isinstance(one, Tensor) else one


def in_common(values: list[Value]) -> Value:
    """What many values have in common: a size that is any of theirs, a tensor with the sizes in which all agree."""
    first = values[0]
    if all(type(value) is tuple and len(value) == len(first) for value in values):
        columns = zip(*values, strict=True)
        return tuple(column[0] if all(same(column[0], one) for one in column) else choice(column) for column in columns)
    if all(isinstance(value, Dim) for value in values):
        return _any_size(values)
    if all(isinstance(value, Tensor) and value.shape.known and value.rank == first.rank for value in values):
        columns = zip(*(value.shape.dims for value in values), strict=True)
        sizes = tuple(column[0] if len({*column}) == 1 else _any_size(column) for column in columns)
        alike = first
        for value in values[1:]:
            alike = _alike(alike, value)
        return replace(alike, shape=Shape(sizes), layout=alike.layout if alike.layout == "contiguous" else None)
    if all(isinstance(value, Tensor) and value.device != "numpy" for value in values):
        return _of_some_shape(values, "it may be one of too many values")
    return Unknown("it may be one of too many values")


def _why_not_told(tensor: Tensor) -> str:
    """Why an operator could not tell how many dims a tensor has, "" where that is not so."""
    return tensor.shape.run.why if tensor.shape.run is not None else ""


def _of_some_shape(values: Sequence[Tensor], why: str) -> Tensor:
    """A tensor of which no more is known than the dims that all of these end with."""
    ends = [value.shape.dims if value.shape.known else value.shape.back for value in values]
    alike = 0
    while all(len(end) > alike for end in ends) and len({end[-1 - alike] for end in ends}) == 1:
        alike += 1
    run = Run.fresh(
        why=why, given=all(value.shape.given for value in values), after=first_cause(value.shape for value in values)
    )
    device = reduce(device_of_either, (value.device for value in values))
    return Tensor(Shape((), run, ends[0][len(ends[0]) - alike :]), None, device=device)


def _any_size(sizes: Sequence[Dim]) -> Dim:
    least = min((size.value for size in sizes if size.value is not None), default=0)
    return symbol("_", scope=next(_serial) + (1 << 40), free=False, minimum=min(0, least))


def _with_paths(values: Sequence[Value], paths: Sequence[Facts | None]) -> Iterator[tuple[Value, Facts | None]]:
    for place, value in enumerate(values):
        path = paths[place] if place < len(paths) else None
        if not isinstance(value, Choice):
            yield value, path
            continue
        for one, own in value.each():
            yield one, own.also(path) if own is not None and path is not None else own or path


def mapped(value: Choice, function: Callable[[Value], Value]) -> Value:
    """What a function gives for one of several values."""
    return choice([function(one) for one in value.values], value.paths)


def same(a: Value, b: Value) -> bool:
    """Whether two values are alike as far as shapes matter."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Unknown):
        return False
    try:
        return bool(a == b)
    except Exception:  # a user's object cannot break the join
        return False


def _shape_of(value: Value) -> Hashable:
    """What is equal of alternatives that are one as far as their shape goes: how they lie in memory does not matter."""
    if isinstance(value, Tensor):
        return Tensor, value.shape
    if type(value) is tuple:
        return tuple, *map(_shape_of, value)
    return type(value), value if _is_hashable(value) else _ByValue(value)


def _is_hashable(value: Value) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


class _ByValue:
    """Stands for a value that has no hash where values are looked up by their hashes."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByValue) and same(self.value, other.value)

    def __hash__(self) -> int:
        return 0


def _what_is_alike(a: Value, b: Value) -> Value:
    """Two alternatives of one shape, or rows of such, with what they have in common beside it."""
    if type(a) is tuple:
        return tuple(map(_what_is_alike, a, b))
    return _alike(a, b) if isinstance(a, Tensor) else a


def join_values(a: Value, b: Value, name: str = "", worlds: tuple[World, World] | None = None) -> Value:
    """What a name stands for after two paths on which it stands for `a` and `b`."""
    if same(a, b):
        return a
    unknowns = [one for one in (a, b) if isinstance(one, Unknown)]
    sizes = [one for one in (a, b) if isinstance(one, Dim)]
    if unknowns and sizes and (sizes[0].value == 0 or not _is_given(unknowns[0], name)):
        return symbol(name or "_", scope=next(_serial) + (1 << 40), free=False, minimum=0)
    if unknowns:
        told = [
            one.facts.normalize(value)
            for one, value in zip(worlds or (), (a, b), strict=False)
            if isinstance(value, Dim)
        ]
        note_stand_ins(unknowns, [a, b, *told])
        other = b if isinstance(a, Unknown) else a
        given = _of_caller(a) and _of_caller(b)
        alone = not any(isinstance(one, (Tensor, float)) for one in alternatives(other)) and _keep_alike((a, b))
        found = either(unknowns, name, alone=alone, given=given)
        if unknowns[0].before is not None and _of_caller(unknowns[0]) and is_fraction(other):
            found.is_number = True
        if found.before is not None and (other is None or any(one.may_be_none for one in unknowns)):
            return found.before  # on one of the two paths it is None, or may be
        is_default = worlds is not None and any(may_stand_in(world, other) for world in worlds)
        return standing_in(found, other) if is_default and len(unknowns) == 1 else found
    if isinstance(a, Tensor) and isinstance(b, Tensor) and a.shape == b.shape:
        return _alike(a, b)
    if isinstance(a, Dim) and isinstance(b, Dim) and (a.value is None or b.value is None):
        return symbol(name or "_", scope=next(_serial) + (1 << 40), free=False, minimum=0)
    return choice([a, b], [world.facts for world in worlds] if worlds is not None else ())


def note_stand_ins(unknowns: Sequence[Unknown], values: Sequence[Value]) -> None:
    """Note what stands in the place of what a caller may give: `width = hidden if width is None else width`."""
    for one in filter(_of_caller, unknowns):
        others = [value for value in values if isinstance(value, (Dim, Unknown)) and value is not one]
        one.first.instead = tuple(dict.fromkeys((*one.first.instead, *others)))


def is_fraction(value: Value) -> bool:
    """Whether a value is a number that is no size."""
    return isinstance(value, (float, Ratio, NumberType))


def _is_given(value: Unknown, name: str) -> bool:
    """Whether a caller gives this in place of a default, which is no size of its own: `n if n is not None else 4`."""
    return not value.free or value.origin == name or not value.may_be_none


def _of_caller(value: Value) -> bool:
    """Whether a caller gives a value, or how many dims it has depends on nothing else."""
    if isinstance(value, Choice):
        return all(one is None or _of_caller(one) for one in value.values)
    return value.given if isinstance(value, Unknown) else isinstance(value, Tensor) and value.shape.given


def _keep_alike(values: Sequence[Value]) -> bool:
    """Whether all of these keep the shape of what they are called with, by their names, or none does: of one is said
    what it gives, which is not what a layer in its place gives."""
    return len({isinstance(value, Unknown) and value.keeps for value in values if value is not None}) < 2


def either(unknowns: list[Unknown], name: str = "", *, alone: bool = True, given: bool = False) -> Unknown:
    """What stands under a name for one of these: what a caller gives by this name, else none of them itself.

    What becomes known of it, in `shortcut = x if shortcut is None else shortcut`, is not known of x. Nor is it where
    it may be something known, not one of these `alone`: `out = x if self.residual else 0.0`.
    """
    first = next((one for one in unknowns if one.origin == name), unknowns[0])
    if alone and all(other is first for other in unknowns):
        return first
    is_stood_in_for = first.origin == name and first.before is not None
    if first.origin and (is_stood_in_for or (alone and all(other.origin == first.origin for other in unknowns))):
        return first
    may_be_none = any(other.may_be_none for other in unknowns)
    return Unknown(first.reason, name, first.line, may_be_none=may_be_none, given=given)


def _alike(a: Tensor, b: Tensor) -> Tensor:
    return Tensor(
        a.shape,
        a.layout if a.layout == b.layout else None,
        a.dtype if a.dtype == b.dtype else None,
        device_of_either(a.device, b.device),
        a.expanded and b.expanded,
    )


def join_envs(a: dict[str, Value], b: dict[str, Value], worlds: tuple[World, World] | None = None) -> dict[str, Value]:
    """The names after two paths, at whose ends the worlds are as given. A name of only one of them keeps its value."""
    if a is b:
        return a
    out = dict(a)
    for name, value in b.items():
        if name not in out:
            out[name] = value
        elif out[name] is not value:
            mine = out[name]
            if worlds is not None:
                mine, value = worlds[0].settle(mine), worlds[1].settle(value)
            out[name] = join_values(mine, value, name_of_key(name), worlds)
    return out


def join_worlds(a: World, b: World) -> World:
    """What is known after two paths: the facts that both know, and the objects joined part by part."""
    out = World()
    here, there = a.facts.defining(a.idle - b.idle, b.facts), b.facts.defining(b.idle - a.idle, a.facts)
    out.facts = here.shared_with(there)
    out.idle = a.idle & b.idle
    out.runs = {run: shape for run, shape in a.runs.items() if b.runs.get(run) == shape}
    out.resolved = {key: value for key, value in a.resolved.items() if b.resolved.get(key) is value}
    out.names = {key: value for key, value in a.names.items() if b.names.get(key) is value}
    out.used, out.lengths, out.elements, out.scaled = a.used, a.lengths, a.elements, a.scaled
    out.conditions, out.written = min(a.conditions, b.conditions), a.written | b.written
    out.heap = a.heap.copy()
    out.heap.lowest = min(a.heap.lowest, b.heap.lowest)
    for key in a.heap.written_apart(b.heap):
        mine, content = out.heap.get(key), b.heap.get(key)
        if content is None or mine is content:
            continue
        if mine is None:
            out.heap.take(key, content)
        else:
            out.heap[key] = _join_objects(mine, content, (a, b))
    return out


def _join_objects(a: Value, b: Value, worlds: tuple[World, World]) -> Value:
    if isinstance(a, Instance) and isinstance(b, Instance):
        parted = "<base>" in a.attrs and a.attrs.keys() != b.attrs.keys()  # a Sequential's parts are its attributes
        attrs = join_envs(a.attrs, b.attrs, worlds)
        for name in a.attrs.keys() ^ b.attrs.keys():
            if attrs[name] is None:  # on the other path it has what an earlier call has set it to
                attrs[name] = Unknown(f"self.{name} is set on one path only", f"self.{name}")
        return Instance(a.type, attrs, a.open or b.open or parted)
    if isinstance(a, ListObject) and isinstance(b, ListObject):
        return ListObject(_join_rows(a.row, b.row, worlds))
    if isinstance(a, DictObject) and isinstance(b, DictObject):
        return _join_dicts(a, b, worlds)
    if isinstance(a, Container) and isinstance(b, Container) and a.kind == b.kind:
        row = _join_rows(a.row, b.row, worlds)
        return Container(a.kind, a.names, row) if a.names == b.names else Container.numbered(a.kind, row)
    return Unknown("it differs between two paths")


def _join_dicts(a: DictObject, b: DictObject, worlds: tuple[World, World]) -> DictObject:
    """A dict that is one of two: what only one holds may be there; under any other key a number, if both have one, or
    what a caller gives."""
    entries = join_envs(a.entries, b.entries, worlds)
    if not (a.open or b.open) and a.entries.keys() == b.entries.keys():
        return DictObject(entries, False)
    others = [one.element for one in (a, b) if one.open]
    is_known = bool(others) and all(isinstance(one, Dim) for value in others for one in alternatives(value))
    is_given = bool(others) and all(isinstance(one, Unknown) and one.given for one in others)  # as under `**kwargs`
    return DictObject(entries, True, choice(others) if is_known else others[0] if is_given else None)


def _join_rows(a: tuple[Value, ...], b: tuple[Value, ...], worlds: tuple[World, World]) -> tuple[Value, ...]:
    """A row that is one of two: what both begin with, and any number of what else they hold; once, if only one does."""
    if len(a) == len(b) and not any(isinstance(part, Many) for part in (*a, *b)):
        return tuple(map(join_values, a, b))
    shared = 0
    while shared < min(len(a), len(b)) and same(a[shared], b[shared]):
        shared += 1
    rest = (*a[shared:], *b[shared:])
    is_prefix = shared == min(len(a), len(b)) and len(rest) <= MOST_COMPARED
    if rest and is_prefix and not any(isinstance(part, Many) for part in rest):
        ways = (worlds[0].facts, worlds[1].facts) if len(a) > len(b) else (worlds[1].facts, worlds[0].facts)
        return (*a[:shared], Many(rest, None, ways=ways))
    return (*a[:shared], Many((element_of(rest),), None, varying_of(rest))) if rest else a


def element_of(row: Sequence[Value]) -> Value:
    """What each item of a row is; the sizes that vary in it are those of `varying_of`."""
    parts = [item for part in row for item in (part.group if isinstance(part, Many) else (part,))]
    return choice(parts) if parts else Unknown("an item of an empty list")


def varying_of(row: Sequence[Value]) -> frozenset[Symbol]:
    """The symbols in a row that stand for a size of its own each time."""
    return frozenset(one for part in row if isinstance(part, Many) for one in part.varying)
