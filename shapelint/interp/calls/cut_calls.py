"""What a call that is not followed may have changed: what it is given, what it closes over, what it is called of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapelint.interp.objects.set_by_methods import CHANGING, set_by
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, DictObject, FunctionValue, Instance, ListObject, Ref, Value, unknown
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of


def forget_changed(frame: Frame, function: FunctionValue, args: Iterable[Value]) -> None:
    """Forget what a call of a function may have changed that is not followed."""
    given = tuple(args)
    _lose_items(frame, given)
    scope: Frame | None = function.frame
    changed = set(_changed(function.node)) if scope is not function.frame.module else set()
    while changed and scope is not None and scope is not function.frame.module:
        held = changed & scope.env.keys()
        _lose_items(frame, [scope.env[name] for name in held])
        changed, scope = changed - held, scope.parent
    if given and function.owner is not None:
        _lose_attributes(frame, given[0], function.name)


def _lose_items(frame: Frame, values: Iterable[Value]) -> None:
    for value in values:
        if isinstance(value, Choice):
            _lose_items(frame, value.values)
        content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
        if isinstance(content, ListObject):
            frame.world.heap[value.id] = ListObject.some()
        elif isinstance(content, DictObject):
            frame.world.heap[value.id] = DictObject({}, True, unknown("an entry of a dict"))


def _lose_attributes(frame: Frame, receiver: Value, method: str) -> None:
    """Forget the numbers, flags and lists that a method sets of its object; a tensor is mostly as large as it was."""
    content = frame.world.heap.get(receiver.id) if isinstance(receiver, Ref) else None
    if not isinstance(receiver, Ref) or not isinstance(content, Instance):
        return
    attrs = dict(content.attrs)
    for name in set_by(content.type, method):
        if isinstance(attrs.get(name), Ref):
            _lose_items(frame, [attrs[name]])
        elif name in attrs and not isinstance(attrs[name], Tensor):
            attrs[name] = Unknown(f"self.{name} is set by {method}", f"self.{name}")
    frame.world.heap[receiver.id] = Instance(content.type, attrs, content.open)


def _changed(function: nodes.Function | nodes.Lambda) -> Iterator[str]:
    """The names of the rows of which a function sets an item, or calls a method that changes them."""
    statements = [] if isinstance(function, nodes.Lambda) else list(statements_of(function))
    for statement in statements:
        targets = statement.targets if isinstance(statement, nodes.Assign) else ()
        targets = (statement.target,) if isinstance(statement, nodes.AugAssign) else targets
        for target in targets:
            if isinstance(target, nodes.Subscript) and isinstance(target.value, nodes.Name):
                yield target.value.id
    for part in all_parts([part for statement in statements for part in roots(statement)]):
        func = part.func if isinstance(part, nodes.Call) else None
        if isinstance(func, nodes.Attribute) and func.attr in CHANGING and isinstance(func.value, nodes.Name):
            yield func.value.id
