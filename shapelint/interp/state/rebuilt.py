"""A value with other ones in the place of what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from shapelint.interp.state.values import Bound, Choice, Container, DictObject, Instance, ListObject, Partial, Value
from shapelint.ops.rows import Many


def rebuilt(value: Value, change: Callable[[Value], Value]) -> Value:
    """The value, or what an object holds, with `change(part)` for each part that is made of no others."""

    def each(values: Iterable[Value]) -> tuple[Value, ...]:
        return tuple([rebuilt(one, change) for one in values])

    if isinstance(value, Instance):
        return replace(value, attrs=dict(zip(value.attrs, each(value.attrs.values()), strict=True)))
    if isinstance(value, (ListObject, Container)):
        return replace(value, row=each(value.row))
    if isinstance(value, DictObject):
        entries = dict(zip(value.entries, each(value.entries.values()), strict=True))
        return replace(value, entries=entries, element=rebuilt(value.element, change))
    if isinstance(value, Many):
        return replace(value, group=each(value.group))
    if isinstance(value, Choice):
        return replace(value, values=each(value.values))
    if isinstance(value, Bound):
        return replace(value, receiver=rebuilt(value.receiver, change), function=rebuilt(value.function, change))
    if isinstance(value, Partial):
        kwargs = tuple([(name, rebuilt(one, change)) for name, one in value.kwargs])
        return Partial(rebuilt(value.function, change), each(value.args), kwargs)
    return each(value) if type(value) is tuple else change(value)
