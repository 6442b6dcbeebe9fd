"""Values made anew with other sizes in them: an item of its own for each turn of a loop."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace

from shapelint.dims import Dim, Relation, Symbol, dim, symbol
from shapelint.interp.state.turns import Moment
from shapelint.interp.state.values import (
    Choice,
    Container,
    DictObject,
    Instance,
    Layer,
    ListObject,
    Partial,
    Range,
    Ratio,
    Ref,
    Value,
)  # fmt: skip
from shapelint.interp.state.world import World
from shapelint.ops.needs import Context
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape

Change = Callable[[Dim], Dim]
DEEPEST = 6


def fresh(like: Symbol | None = None) -> Dim:
    """A size that nobody named."""
    return symbol("_", scope=next(Context.serial), free=False, minimum=like.minimum if like is not None else 0)


def remade(world: World, value: Value, change: Change, deep: int = DEEPEST) -> Value:
    """The value with every size in it changed, objects of the heap as new ones; the same value where nothing is."""
    if isinstance(value, Dim):
        return change(value)
    if isinstance(value, Tensor):
        shape = value.shape.map(change)
        number = None if value.number is None else change(value.number)
        if shape == value.shape:
            return value if number is value.number else replace(value, number=number)
        return Tensor(shape, None, value.dtype, value.device, value.expanded, number=number)
    if deep == 0:
        return value
    if isinstance(value, Ref):
        content = world.heap.get(value.id)
        made = _content(world, content, change, deep - 1)
        return value if made is content else world.allocate(made)
    if isinstance(value, Layer):
        instance = _remade_layer(value.instance, change, deep)
        return value if instance is value.instance else replace(value, instance=instance)
    if type(value) is tuple:
        return _each(world, value, change, deep)
    if isinstance(value, Many):
        group = _each(world, value.group, change, deep)
        count = value.count if value.count is None else change(value.count)
        return value if group is value.group and count is value.count else Many(group, count, value.varying)
    if isinstance(value, Choice):
        values = _each(world, value.values, change, deep)
        return value if values is value.values else Choice(values, value.paths)
    if isinstance(value, SizesOf):
        shape = value.shape.map(change)
        return value if shape == value.shape else SizesOf(shape)
    if isinstance(value, Ratio):
        parts = change(value.numerator), change(value.denominator)
        return value if parts == (value.numerator, value.denominator) else Ratio(*parts)
    if isinstance(value, Range):
        bounds = change(value.start), change(value.stop), change(value.step)
        return value if bounds == (value.start, value.stop, value.step) else Range(*bounds)
    if isinstance(value, Partial):
        args = _each(world, value.args, change, deep)
        kwargs = _each(world, value.kwargs, change, deep)
        same = args is value.args and kwargs is value.kwargs
        return value if same else Partial(value.function, args, kwargs)
    return value


def _each(world: World, values: tuple[Value, ...], change: Change, deep: int) -> tuple[Value, ...]:
    made = tuple(remade(world, one, change, deep) for one in values)
    return values if all(one is other for one, other in zip(made, values, strict=True)) else made


def _content(world: World, content: Value, change: Change, deep: int) -> Value:
    if isinstance(content, ListObject):
        row = _each(world, content.row, change, deep)
        return content if row is content.row else ListObject(row)
    if isinstance(content, Container):
        row = _each(world, content.row, change, deep)
        return content if row is content.row else replace(content, row=row)
    if isinstance(content, Instance):
        attrs = _entries(world, content.attrs, change, deep)
        return content if attrs is content.attrs else Instance(content.type, attrs, content.open)
    if isinstance(content, DictObject):
        entries = _entries(world, content.entries, change, deep)
        element = remade(world, content.element, change, deep)
        same = entries is content.entries and element is content.element
        return content if same else DictObject(entries, content.open, element)
    return content


def _entries(world: World, entries: dict[str, Value], change: Change, deep: int) -> dict[str, Value]:
    values = tuple(entries.values())
    made = _each(world, values, change, deep)
    return entries if made is values else dict(zip(entries, made, strict=True))


def copied(world: World, value: Value, deep: int = DEEPEST) -> Value:
    """A list, a dict or an object as one of its own, which changes by itself; modules stay the same ones."""
    content = world.heap.get(value.id) if isinstance(value, Ref) and deep else None
    if isinstance(content, ListObject):
        return world.allocate(ListObject(tuple(copied(world, one, deep - 1) for one in content.row)))
    if isinstance(content, DictObject):
        entries = {key: copied(world, one, deep - 1) for key, one in content.entries.items()}
        return world.allocate(DictObject(entries, content.open, content.element))
    if isinstance(content, Instance) and not content.type.is_module:
        attrs = {name: copied(world, one, deep - 1) for name, one in content.attrs.items()}
        return world.allocate(Instance(content.type, attrs, content.open))
    return value


def _remade_layer(instance: object, change: Change, deep: int) -> object:
    """A layer as the rules of `ops` know it, with the sizes in it changed."""
    changed = {}
    for name, part in vars(instance).items():
        made = _layer_part(part, change, deep - 1)
        if made is not part:
            changed[name] = made
    if not changed:
        return instance
    twin = copy.copy(instance)
    vars(twin).update(changed)
    return twin


def _layer_part(part: object, change: Change, deep: int) -> object:
    if isinstance(part, Dim):
        return change(part)
    if isinstance(part, Tensor):
        shape = part.shape.map(change)
        return part if shape == part.shape else replace(part, shape=shape, layout=None)
    if isinstance(part, (tuple, list)):
        return _layer_parts(part, change, deep)
    if deep > 0 and type(part).__module__.startswith("shapelint.ops") and hasattr(part, "__dict__"):
        return _remade_layer(part, change, deep)
    return part


def _layer_parts(parts: tuple[object, ...] | list[object], change: Change, deep: int) -> object:
    made = [_layer_part(one, change, deep) for one in parts]
    if all(one is other for one, other in zip(made, parts, strict=True)):
        return parts
    return made if isinstance(parts, list) else tuple(made)


def symbols_since(world: World, value: Value, since: Moment) -> frozenset[Symbol]:
    """The symbols in a value that were made after a point in time."""
    found: set[Symbol] = set()

    def look(size: Dim) -> Dim:
        found.update(since.own(world, size))
        return size

    remade(world, value, look)
    return frozenset(found)


def repeated(world: World, items: Sequence[Value], count: Dim | None, since: Moment) -> Many:
    """What a loop puts into a list in each turn: what was made since its turn began is different in each of them."""
    group = tuple(map(world.settle, items))
    own: dict[Dim, Dim] = {}

    def apart(size: Dim) -> Dim:
        size = in_older_names(world, size, since)
        if size.as_symbol is not None or not since.own(world, size):
            return size
        return own.setdefault(size, fresh())

    group = tuple(remade(world, item, apart, 2) if not isinstance(item, (Ref, Layer)) else item for item in group)
    found = {one for item in group for one in symbols_since(world, item, since)}
    older = {one: in_older_names(world, dim(one), since) for one in sorted(found, key=lambda one: one.order)}
    names = {one: fresh(one) if since.own(world, size) else size for one, size in older.items()}
    if names:
        group = tuple(remade(world, item, lambda size: size.subs(names)) for item in group)
    varying = (names[one].symbols for one, size in older.items() if names[one] is not size)
    return Many(group, count, frozenset().union(*varying))


def in_older_names(world: World, size: Dim, since: Moment) -> Dim:
    """The size in symbols of before a point in time, where what is known gives it so."""
    if not since.own(world, size):
        return size
    if not since.own(world, other := world.facts.resolved(size)):
        return other
    if size.as_symbol is None or size.as_symbol not in world.facts.mentioned:
        return size
    said = (each for each in world.facts if each.relation is Relation.EQUAL and size in (each.left, each.right))
    meant = (each.right if each.left is size else each.left for each in said)
    return next((one for one in meant if not since.own(world, one)), size)  # what was first called so


def time_of(world: World, many: Many) -> tuple[Value, ...]:
    """The values of one time out of many: a turn's own, of which what becomes known is not known of the others."""
    return tuple(map(of_its_own, one_time(world, many)))


def one_time(world: World, many: Many) -> tuple[Value, ...]:
    """The values of one time out of many, with sizes of its own for those that vary."""
    if many.varying:
        names = {one: fresh(one) for one in many.varying}
        group = tuple(remade(world, item, lambda size: size.subs(names)) for item in many.group)
    else:
        group = many.group
    return tuple(map(_with_own_run, group))


def of_its_own(value: Value) -> Value:
    """An item apart from the others, or from the whole that it is an item of, of which the same is known."""
    if isinstance(value, Unknown):
        own = Unknown(
            value.reason,
            value.origin,
            value.line,
            free=value.free,
            of_sizes=value.of_sizes,
            is_result=value.is_result,
            given=value.given,
        )
        own.default, own.is_item = value.default, True
        return own
    if type(value) is tuple:
        return tuple(map(of_its_own, value))
    return _with_own_run(value)


def _with_own_run(value: Value) -> Value:
    if not isinstance(value, Tensor) or value.shape.run is None:
        return value
    shape = Shape(value.shape.front, value.shape.run.rest(), value.shape.back)
    return Tensor(shape, None, value.dtype, value.device)
