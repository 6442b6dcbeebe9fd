"""What a caller may give in the place of a default: where it is called, it is taken for the default.

A block takes `pos_enc=PositionalEncoding` as a class, or makes an encoder of its own where None is given. Who gives
another gives one that does the same. Nothing goes wrong by a default alone: see `checks/verdicts/belief.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.values import (
    ClassValue,
    Container,
    External,
    FunctionValue,
    Instance,
    Layer,
    Partial,
    Ref,
    Value,
)
from shapelint.interp.state.world import World
from shapelint.ops.tensor import Unknown
from shapelint.program import nodes


def call_default(
    frame: Frame, callee: Unknown, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value | None:
    """What the default gives that an unknown value may stand in place of; None where there is none, or it fails."""
    machine = frame.machine
    takes = machine.takes_defaults or (machine.takes_told and callee.of_class is not None)
    if callee.default is None or not takes:
        return None
    world, passed_over, failures = machine.world, frame.passed_over, len(frame.failures)
    machine.world = world.fork()
    frame.guarded += 1
    try:
        result = frame.world.settle(invoke(frame, callee.default, args, kwargs, node))
    finally:
        frame.guarded -= 1
        del frame.failures[failures:]
    told = result if type(result) is tuple else (result,)
    fails = frame.passed_over > passed_over
    if fails or any(isinstance(part, Unknown) for part in told):
        machine.world = world
        is_given = not fails and isinstance(result, Unknown) and result.given  # what a caller gives, passed on
        return Unknown(callee.reason, line=node.at[0], given=True) if is_given else None
    machine.world.facts = world.facts  # what the default needs, another one may not
    machine.took_default = True
    machine.took_another = machine.took_another or callee.of_class is None
    return standing_in(callee, result) if is_module(machine.world, result) else result


def standing_in(value: Unknown, default: Value) -> Unknown:
    """An unknown value that is taken for this default where it is called."""
    made = Unknown(value.reason, value.origin, value.line, may_be_none=value.may_be_none, is_result=value.is_result)
    made.default = default
    return made


def is_module(world: World, value: Value) -> bool:
    """Whether a value is a module or a layer."""
    content = world.heap.get(value.id) if isinstance(value, Ref) else None
    is_one = isinstance(content, Container) or (isinstance(content, Instance) and content.type.is_module)
    return is_one or isinstance(value, Layer)


def may_stand_in(world: World, value: Value) -> bool:
    """Whether a value is something to be called, which stands in where a caller gives nothing."""
    return is_module(world, value) or is_callable_default(value)


def is_callable_default(value: Value) -> bool:
    """Whether the default of a parameter is a class or a function."""
    return isinstance(value, (ClassValue, FunctionValue, Partial)) or (
        isinstance(value, External) and value.name.startswith("torch.")
    )
