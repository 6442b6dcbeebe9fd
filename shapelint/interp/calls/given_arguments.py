"""What a function is given when nobody says with what it is called: what anyone may give, or its choices by default.

A module that an annotation names, `encoder: Encoder`, or that is called like a class of the file, is taken for one that
is made with arguments that nobody knows, where it is called. Who gives one of a class derived from it gives one that
does the same. As with a default, no claim is refuted by this alone: see `checks/verdicts/belief.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.interp.calls.classes import class_attribute, plain_instance
from shapelint.interp.inputs.named_modules import class_named
from shapelint.interp.inputs.symbolic import symbolic_input
from shapelint.interp.objects.iteration import keep_apart
from shapelint.interp.objects.set_by_methods import renewed
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import ClassValue, FunctionValue, Ref, Value
from shapelint.ops.tensor import Unknown
from shapelint.program import nodes

MOST_DEEP = 2
"""How many modules, each of which is given the next, are made for one parameter."""


def symbolic_arguments(frame: Frame, function: FunctionValue, params: Sequence[nodes.Param]) -> dict[str, Value]:
    """What each of these parameters of a function stands for when nobody says with what it is called."""
    given = {}
    for param in params:
        default = function.defaults.get(param.name)
        if frame.machine.at_defaults and is_choice(param, default):
            given[param.name] = default
            continue
        value = symbolic_input(frame, param, default, function)
        if isinstance(value, Unknown) and value.default is None:
            cls = value.annotated or class_named(param, function)
            value.default = _module_of(frame, cls, param.at) if cls is not None else None
            value.of_class = cls if value.default is not None else None
        given[param.name] = value
    return given


def has_choices(function: FunctionValue) -> bool:
    """Whether a function takes a parameter of which the default is one of a few ways to go."""
    return any(is_choice(param, function.defaults.get(param.name)) for param in function.node.params)


def is_choice(param: nodes.Param, default: Value) -> bool:
    """Whether a parameter is a flag, the name of a mode, or what may be left out: its default is one of a few ways."""
    return param.default is not None and (default is None or isinstance(default, (bool, str)))


def _module_of(frame: Frame, cls: ClassValue, at: nodes.Span) -> Ref | None:
    """An instance of a class, made with any arguments; None where it is no module that can be called, or its
    constructor does not tell what it makes."""
    constructor, making = class_attribute(cls, "__init__"), frame.machine.making_given
    if not cls.is_module or not isinstance(class_attribute(cls, "forward"), FunctionValue):
        return None
    if "forward" in renewed(cls):
        return None  # `self.forward = self.forward_export`: what it gives depends on what was called before
    if not isinstance(constructor, FunctionValue) or isinstance(constructor.node, nodes.Lambda):
        return None
    if not (frame.machine.takes_defaults or frame.machine.takes_told) or cls in making or len(making) >= MOST_DEEP:
        return None
    world, passed_over, failures = frame.machine.world, frame.passed_over, len(frame.failures)
    frame.machine.world = world.fork()
    frame.guarded += 1
    making.append(cls)
    try:
        named = [one for one in constructor.node.params[1:] if one.kind in ("either", "keyword")]
        given = symbolic_arguments(frame.of_call(constructor), constructor, named)
        made = plain_instance(frame, cls, [], given, nodes.Call(at, nodes.Name(at, cls.name), ()))
    finally:
        making.pop()
        frame.guarded -= 1
        del frame.failures[failures:]
    if not isinstance(made, Ref) or frame.passed_over > passed_over:
        frame.machine.world = world
        return None
    frame.machine.world.facts = world.facts
    sizes = [value.size for value in given.values() if isinstance(value, Unknown) and value.size is not None]
    keep_apart(frame, sizes, ("init", constructor.node.at))
    return made
