"""What is made by code that is not seen: of a library that is not known here, or of whoever overrides a method.

Nothing but a comment beside it tells of what shape it is, as with what a caller gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shapelint.interp.external_names import is_not_seen
from shapelint.interp.machine import Frame
from shapelint.interp.values import (
    Bound,
    Choice,
    ClassValue,
    Container,
    DictObject,
    External,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    MethodOf,
    Partial,
    Ref,
    Value,
)
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Unknown

DEEPEST = 3


def is_of_elsewhere(frame: Frame, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> bool:
    """Whether a function is of a library of which nothing is known, and is given nothing that has code of its own here.

    What `wrap(model)` gives is as the code of the model makes it, which is seen.
    """
    return is_not_seen(name) and not _runs_code(frame, (*args, *kwargs.values()), DEEPEST)


def is_given(value: Value) -> bool:
    """Whether a value is one that a caller gives, or of code that is not seen."""
    if isinstance(value, Choice):
        return all(one is None or is_given(one) for one in value.values)
    return value.given if isinstance(value, Unknown) else isinstance(value, External) and is_not_seen(value.name)


def _runs_code(frame: Frame, values: Iterable[Value], deep: int) -> bool:
    return deep > 0 and any(_is_of_code(frame, value, deep) for value in values)


def _is_of_code(frame: Frame, value: Value, deep: int) -> bool:
    value = frame.world.settle(value)
    if isinstance(value, (FunctionValue, ClassValue, Bound, Layer, MethodOf, Partial)):
        return True
    if isinstance(value, Choice):
        return _runs_code(frame, value.values, deep)
    if isinstance(value, Many):
        return _runs_code(frame, value.group, deep)
    if isinstance(value, tuple):
        return _runs_code(frame, value, deep - 1)
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, ListObject):
        return _runs_code(frame, content.row, deep - 1)
    if isinstance(content, DictObject):
        return _runs_code(frame, content.entries.values(), deep - 1)
    return isinstance(content, (Instance, Container))
