"""What a called function has asked of its arguments: who calls `check(x)` knows afterwards which of several x is."""

from __future__ import annotations

from collections.abc import Callable

from shapelint.interp.join import choice
from shapelint.interp.machine import Frame
from shapelint.interp.subjects import bound_in
from shapelint.interp.values import Choice, Value
from shapelint.program import nodes


def narrowing(frame: Frame, callee: Frame) -> Callable[[], bool]:
    """Note what a function is called with, of which it is open what it is; called after it, narrow that.

    It gives whether there was anything. What the function binds anew is something else.
    """
    node = callee.function.node if callee.function is not None else None
    if not isinstance(node, nodes.Function) or node.is_generator:
        return lambda: False
    names = [param.name for param in node.params if isinstance(callee.env.get(param.name), Choice)]
    given = {name: callee.env[name] for name in names if name not in bound_in(node)}

    def narrow() -> bool:
        left = [env for kind, env, _ in callee.exits if kind == "return"]
        if len(callee.returns) > len(left):  # it comes to its end, too
            left.append(callee.env)
        found = False
        for name, value in given.items():
            ways = [env.get(name, value) for env in left]
            if ways and all(way is not value for way in ways):
                found = True
                _put(frame, value, choice(ways))
        return found

    return narrow


def _put(frame: Frame, value: Value, narrowed: Value) -> None:
    for name, held in frame.env.items():
        if held is value:
            frame.env[name] = narrowed
