"""Remembering calls: a function called again with values alike gives the same, and need not be interpreted again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shapelint.dims import Dim, Facts
from shapelint.interp.state.events import Failed, Needed
from shapelint.interp.state.rebuilt import rebuilt
from shapelint.interp.state.values import (
    Bound,
    Builtin,
    Choice,
    ClassValue,
    Container,
    DictObject,
    External,
    Formatted,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    ModuleFile,
    Partial,
    Range,
    Ratio,
    Ref,
    Value,
)  # fmt: skip
from shapelint.interp.state.world import World
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program.nodes import Attached

MOST_PARTS = 400


class NotAlike(Exception):
    """A value that cannot be told to be like another one."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a call gave, what went wrong in it, and whose word of a result was taken.

    `made` are the objects that it made, as they were at its end: each call makes its own. `facts` are those that it was
    made under: where less is known, it may give something else.
    """

    value: Value
    failures: tuple[Failed | Needed, ...]
    promised: tuple[Attached, ...]
    made: Mapping[int, Value]
    facts: Facts


def made_since(world: World, value: Value, oldest: int) -> dict[int, Value]:
    """The objects made after a point in time of which a value is made, with what they hold now."""
    found: dict[int, Value] = {}
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, Ref):
            if one.id > oldest and one.id not in found and one.id in world.heap:
                found[one.id] = world.heap[one.id]
                stack.append(found[one.id])
        else:
            stack.extend(parts_of(one))
    return found


def made_again(world: World, value: Value, made: Mapping[int, Value]) -> Value:
    """The value with objects of its own in the place of those that another call made."""
    value = _with_tensors_of_its_own(value)
    if not made:
        return value
    names = {key: world.allocate(None) for key in made}
    for key, ref in names.items():
        world.heap[ref.id] = _renamed(made[key], names)
    return _renamed(value, names)


def _with_tensors_of_its_own(value: Value) -> Value:
    """The value with a tensor of its own for each in it: two masks of one function are two masks."""
    if type(value) is tuple:
        return tuple(map(_with_tensors_of_its_own, value))
    return replace(value) if isinstance(value, Tensor) else value


def parts_of(value: Value) -> Iterable[Value]:
    """What a value is made of."""
    if isinstance(value, Instance):
        return value.attrs.values()
    if isinstance(value, (ListObject, Container)):
        return value.row
    if isinstance(value, DictObject):
        return (*value.entries.values(), value.element)
    if isinstance(value, Many):
        return value.group
    if isinstance(value, Choice):
        return value.values
    if isinstance(value, Bound):
        return (value.receiver, value.function)
    if isinstance(value, Partial):
        return (value.function, *value.args, *(one for _, one in value.kwargs))
    return value if type(value) is tuple else ()


def _renamed(value: Value, names: Mapping[int, Ref]) -> Value:
    """The value with other objects in it."""
    return rebuilt(value, lambda part: names.get(part.id, part) if isinstance(part, Ref) else part)


def call_key(world: World, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Hashable | None:
    """A key that is equal for calls whose values are alike; None for values that cannot be compared."""
    parts: list[Hashable] = []
    try:
        for value in args:
            _add(world, value, parts)
        for name, value in kwargs.items():
            parts.append(name)
            _add(world, value, parts)
    except NotAlike:
        return None
    return tuple(parts)


def is_held(world: World, value: Value, deep: int = 3) -> bool:
    """Whether all objects that a remembered value is made of are in this world: others were made on another path."""
    if isinstance(value, Ref):
        return value.id in world.heap and (deep == 0 or is_held(world, world.heap[value.id], deep - 1))
    if isinstance(value, Instance):
        return all(is_held(world, item, deep) for item in value.attrs.values())
    if isinstance(value, (ListObject, Container)):
        return all(is_held(world, item, deep) for item in value.row)
    if isinstance(value, DictObject):
        return all(is_held(world, item, deep) for item in value.entries.values())
    parts = value.group if isinstance(value, Many) else value.values if isinstance(value, Choice) else value
    return type(parts) is not tuple or all(is_held(world, item, deep) for item in parts)


_ATOMS = frozenset({
    Dim, str, bool, float, type(None), External, Builtin, Formatted, Range, Ratio, SizesOf, NumberType, type(Ellipsis),
})  # fmt: skip

_MADE_OF_SIZES = (Dim, Tensor, Unknown, Choice)
"""What may have become known better since it was made."""


def _add(world: World, value: Value, parts: list[Hashable]) -> None:
    if isinstance(value, _MADE_OF_SIZES):
        value = world.settle(value)
    if len(parts) > MOST_PARTS:
        raise NotAlike
    if type(value) in _ATOMS:
        parts.append(value)
    elif isinstance(value, Tensor):
        parts.append(value)
        if value.elements in world.elements.written:
            parts.append(world.elements.written[value.elements])
    elif isinstance(value, (Unknown, ClassValue, FunctionValue, ModuleFile)):
        parts.append(value.frame if isinstance(value, ModuleFile) else value)
    elif isinstance(value, Layer):
        parts.append(value.instance)
    elif isinstance(value, tuple):
        parts.append(len(value))
        for item in value:
            _add(world, item, parts)
    elif isinstance(value, Choice):
        parts.append(("choice", len(value.values), value.paths))
        for item in value.values:
            _add(world, item, parts)
    elif isinstance(value, Bound):
        _add(world, value.receiver, parts)
        _add(world, value.function, parts)
    elif isinstance(value, Partial):
        _add(world, value.function, parts)
        _add(world, value.args, parts)
        _add(world, value.kwargs, parts)
    elif isinstance(value, Ref):
        _add_object(world, world.heap.get(value.id), parts)
    else:
        raise NotAlike


def _add_object(world: World, content: Value, parts: list[Hashable]) -> None:
    if isinstance(content, Instance):
        parts.append(content.type)
        for name, item in content.attrs.items():
            parts.append(name)
            _add(world, item, parts)
    elif isinstance(content, (Container, ListObject)):
        kind = content.kind if isinstance(content, Container) else "list"
        _add_row(world, kind, content.row, parts)
    elif isinstance(content, DictObject):
        parts.append(("dict", len(content.entries), content.open))
        for key, item in content.entries.items():
            parts.append(key)
            _add(world, item, parts)
        _add(world, content.element, parts)
    else:
        raise NotAlike


def _add_row(world: World, kind: str, row: Sequence[Value], parts: list[Hashable]) -> None:
    parts.append((kind, len(row)))
    for part in row:
        if isinstance(part, Many):
            parts.append(("many", len(part.group), part.count, part.varying))
            for item in part.group:
                _add(world, item, parts)
        else:
            _add(world, part, parts)
