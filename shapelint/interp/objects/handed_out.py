"""What is handed to code that is not seen may be filled there: an empty list or dict, or one that methods fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapelint.interp.objects.renewed import with_places_filled
from shapelint.interp.objects.set_by_methods import CHANGING, renewed, set_by
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import (
    Bound,
    Choice,
    DictObject,
    FunctionValue,
    Instance,
    ListObject,
    MethodOf,
    Partial,
    Ref,
    Value,
    unknown,
)
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of

DEEPEST = 3


def hand_out(frame: Frame, values: Iterable[Value], deep: int = DEEPEST) -> None:
    """Take it that somebody unseen, who now has these values, may fill the empty lists and dicts among them, and set
    what is None in an object by its methods."""
    for value in values:
        if isinstance(value, Choice):
            hand_out(frame, value.values, deep)
        elif isinstance(value, tuple):
            hand_out(frame, value, deep - 1)
        elif isinstance(value, Partial):
            hand_out(frame, (value.function, *value.args, *dict(value.kwargs).values()), deep)
        elif isinstance(value, (MethodOf, Bound)):
            hand_out(frame, (value.receiver,), deep)
            if isinstance(value, Bound):
                _may_be_called(frame, value)
        if not isinstance(value, Ref) or deep == 0:
            continue
        content = frame.world.heap.get(value.id)
        if isinstance(content, ListObject):
            if not _fill(frame, value):
                hand_out(frame, content.row, deep - 1)
        elif isinstance(content, DictObject):
            if not _fill(frame, value):
                hand_out(frame, content.entries.values(), deep - 1)
        elif isinstance(content, Instance):
            unset = {name for name, held in content.attrs.items() if _waits(frame, held)}
            attrs = dict(content.attrs)
            for name in unset and unset & renewed(content.type).keys():
                filled = [_fill(frame, one) for one in alternatives(attrs[name])]
                if True not in filled:
                    attrs[name] = Unknown(f"self.{name} may be set by now", f"self.{name}", unset=True)
                    frame.world.heap[value.id] = Instance(content.type, attrs, content.open)


def set_on_any(frame: Frame, receivers: Iterable[Value], target: nodes.Expr, name: str) -> None:
    """Take it that `m.mode = ...` sets the attribute of any module, where it is not known which one `m` is.

    What a caller gives is none of those that are made here, and what has a longer name is a part of something else.
    """
    if not isinstance(target, nodes.Name) or all(not isinstance(one, Unknown) or one.given for one in receivers):
        return
    for key, content in list(frame.world.heap.items()):
        if isinstance(content, Instance) and name in content.attrs and content.type.is_module:
            held = Unknown(f"{name} may be set by what sets it of every module", f"self.{name}", target.at[0])
            frame.world.heap[key] = Instance(content.type, {**content.attrs, name: held}, content.open)


def _may_be_called(frame: Frame, method: Bound) -> None:
    """Take it that somebody unseen calls a method, so that what it sets is not known any more."""
    content = frame.world.heap.get(method.receiver.id) if isinstance(method.receiver, Ref) else None
    if not isinstance(content, Instance) or not isinstance(method.function, FunctionValue):
        return
    attrs = dict(content.attrs)
    for name in set_by(content.type, method.function.name):
        if isinstance(attrs.get(name), Tensor):
            attrs[name] = Unknown(f"self.{name} is set by {method.function.name}", f"self.{name}")
    frame.world.heap[method.receiver.id] = Instance(content.type, attrs, content.open)


def hand_to_function(frame: Frame, function: nodes.Function | nodes.Lambda) -> None:
    """Take it that a function within another one fills the empty lists and dicts that it adds to: nobody is seen to
    call it."""
    empty = {name for name, value in frame.env.items() if type(value) is Ref and _is_empty(frame, value)}
    for name in empty and empty.intersection(_filled(function)):
        _fill(frame, frame.env[name])


def fill_for_functions(frame: Frame, name: str) -> None:
    """Take it that a function defined before fills the empty list that a name is bound to, if it adds to it."""
    value = frame.env[name]
    if not _is_empty(frame, value):
        return
    inner = [one for one in frame.env.values() if isinstance(one, FunctionValue) and one.frame is frame]
    if any(name in _filled(one.node) for one in inner):
        _fill(frame, value)


def _filled(function: nodes.Function | nodes.Lambda) -> Iterator[str]:
    """The names of what a function's own statements add to."""
    statements = [] if isinstance(function, nodes.Lambda) else list(statements_of(function))
    for statement in statements:
        for target in statement.targets if isinstance(statement, nodes.Assign) else ():
            if isinstance(target, nodes.Subscript) and isinstance(target.value, nodes.Name):
                yield target.value.id
    parts = [part for statement in statements for part in roots(statement)]
    if isinstance(function, nodes.Lambda):
        parts.append(function.body)
    for part in all_parts(parts):
        func = part.func if isinstance(part, nodes.Call) else None
        if isinstance(func, nodes.Attribute) and func.attr in CHANGING and isinstance(func.value, nodes.Name):
            yield func.value.id


def _waits(frame: Frame, value: Value) -> bool:
    """Whether a value is None or a list that waits for its items, whichever of several lists it is."""
    if isinstance(value, Choice):
        return all(_is_empty(frame, one) for one in value.values)
    return value is None or (type(value) is Ref and _is_empty(frame, value))


def _is_empty(frame: Frame, value: Value) -> bool:
    """Whether a value is a list or dict without items, or a list in which None keeps the place of each."""
    return isinstance(value, Ref) and _filled_up(frame.world.heap.get(value.id)) is not None


def _fill(frame: Frame, value: Value) -> bool:
    filled = _filled_up(frame.world.heap.get(value.id)) if isinstance(value, Ref) else None
    if filled is None:
        return False
    frame.world.heap[value.id] = filled
    return True


def _filled_up(content: Value) -> ListObject | DictObject | None:
    """What somebody may have made of a list or a dict that waits for it; None of any other value."""
    if isinstance(content, DictObject) and not content.entries and not content.open:
        return DictObject({}, True, unknown("what somebody unseen puts into a dict"))
    if not isinstance(content, ListObject):
        return None
    return with_places_filled(content) if content.row else ListObject.some()
