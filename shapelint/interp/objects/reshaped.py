"""What a method leaves that gives a tensor another shape in place: where it was called, and wherever else the tensor is
held."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.interp.objects.iteration import bind
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.memory import parts_of
from shapelint.interp.state.method_names import RESHAPING
from shapelint.interp.state.rebuilt import rebuilt
from shapelint.interp.state.values import Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.written import text_of


def leave_changed(frame: Frame, changed: nodes.Expr, before: Tensor, now: Value, method: str) -> None:
    """Go on with what a method that works in place leaves of the tensor that it is called on."""
    if method in RESHAPING:
        frame.machine.reshaped += 1
        _forget(frame, before, Unknown(f"it may have been changed by way of {text_of(changed)}"))
        if isinstance(changed, (nodes.Attribute, nodes.Subscript)):
            bind(frame, changed, now, None)
    if isinstance(changed, nodes.Name) and changed.id in frame.env:
        frame.env[changed.id] = now


def _forget(frame: Frame, tensor: Tensor, unsure: Unknown) -> None:
    """Take it that what holds a tensor may hold one of another shape."""

    def change(value: Value) -> Value:
        return unsure if _is_it(frame, value, tensor) else value

    for scope in _scopes(frame):
        for name, value in scope.env.items():
            if _holds(frame, value, tensor):
                scope.env[name] = rebuilt(value, change)
    heap = frame.world.heap
    for key, content in list(heap.items()):
        if _holds(frame, content, tensor):
            heap[key] = rebuilt(content, change)


def _scopes(frame: Frame) -> Iterator[Frame]:
    """The frames of the calls that are under way, and those around them."""
    seen: set[int] = set()
    waiting: list[Frame | None] = [frame]
    while waiting:
        scope = waiting.pop()
        if scope is not None and id(scope) not in seen:
            seen.add(id(scope))
            yield scope
            waiting += [scope.caller, scope.parent]


def _holds(frame: Frame, value: Value, tensor: Tensor) -> bool:
    return _is_it(frame, value, tensor) or any(_holds(frame, part, tensor) for part in parts_of(value))


def _is_it(frame: Frame, value: Value, tensor: Tensor) -> bool:
    """Whether a value is a tensor, or may be: what a caller gives, of which more was known each time it was read."""
    if value is tensor:
        return True
    now = frame.world.settle(value) if isinstance(value, (Tensor, Unknown)) else value
    if not isinstance(now, Tensor) or now.layout is not None or tensor.layout is not None:
        return False
    return now.shape == tensor.shape
