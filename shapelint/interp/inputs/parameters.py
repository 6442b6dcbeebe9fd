"""Binding a call's values to the parameters of a function of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import DictObject, FunctionValue, ListObject, Value, unknown
from shapelint.ops.rows import Many, SizesOf


def _one_of_many(part: Value) -> Value:
    """A part of the arguments whose number is not known: a row of sizes is any number of them."""
    return Many((unknown("a size of a shape"),)) if isinstance(part, SizesOf) else part


def bind_arguments(frame: Frame, function: FunctionValue, args: Sequence[Value], kwargs: Mapping[str, Value]) -> str:
    """Bind a call's values to the parameters; the problem in words where they do not fit, else ""."""
    params = function.node.params
    rest = list(args)
    named = dict(kwargs)  # with a "**" what a dict adds under a condition is among them, too
    for param in params:
        if param.kind in ("positional", "either") and rest:
            frame.env[param.name] = rest.pop(0)
            if param.name in named and param.kind == "either":
                if "**" not in named:
                    return f"two values for {param.name}"
                del named[param.name]
        elif param.kind == "args":
            more = [_one_of_many(part) for part in kwargs.get("*", ())]
            frame.env[param.name] = frame.world.allocate(ListObject((*rest, *more))) if more else tuple(rest)
            rest = []
        elif param.kind == "kwargs":
            frame.env[param.name] = frame.world.allocate(DictObject(named, "**" in named))
            named = {}
        elif param.name in named:
            frame.env[param.name] = named.pop(param.name)
        elif param.default is not None and ("**" in kwargs or ("*" in kwargs and param.kind != "keyword")):
            frame.env[param.name] = unknown(f"the argument {param.name}")
        elif param.default is not None:
            frame.env[param.name] = function.defaults.get(param.name, unknown(f"the default of {param.name}"))
        else:
            if "**" in named or "*" in named:
                frame.env[param.name] = unknown(f"the argument {param.name}")
                continue
            return f"the argument {param.name} is missing"
        frame.lines[param.name] = param.at[0]
    is_open = "**" in named
    named.pop("**", None)
    named.pop("*", None)
    if rest:
        return f"{len(args)} arguments are too many" if len(args) > 1 else "1 argument is too many"
    return f"there is no parameter {next(iter(named))}" if named and not is_open else ""
