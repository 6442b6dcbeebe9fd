"""Methods that nn.Module itself gives to an instance: registering parts, moving it about, running over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.interp.objects.formatted import set_under
from shapelint.interp.objects.held_modules import children_of
from shapelint.interp.objects.hyperparameters import KEEPING, keep_hyperparameters
from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.placement import registered
from shapelint.interp.state.values import Formatted, Instance, ListObject, Ref, Value, unknown
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.shapes import Shape

RETURN_SELF = frozenset(
    "to cuda cpu eval train half float double bfloat16 apply requires_grad_ type compile share_memory".split()
)
REGISTER = frozenset("register_buffer register_parameter add_module register_module __setattr__".split())


def module_method(
    frame: Frame, ref: Ref, name: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A method of nn.Module called on an instance of the program."""
    content = frame.world.heap.get(ref.id)
    if not isinstance(content, Instance):
        return unknown(f".{name}()", node.at[0])
    if name in REGISTER:
        values = [*args, *kwargs.values()]
        key = kwargs.get("name", args[0] if args else None)
        value = kwargs.get("tensor", kwargs.get("param", kwargs.get("module", values[1] if len(values) > 1 else None)))
        if isinstance(key, str):
            frame.world.heap[ref.id] = Instance(content.type, {**content.attrs, key: registered(value)}, content.open)
        elif isinstance(key, Formatted):
            set_under(frame, ref, key, registered(value))
        else:
            frame.world.heap[ref.id] = Instance(content.type, content.attrs, True)
        return None
    if name == KEEPING:
        return keep_hyperparameters(frame, ref, content, args, kwargs, node)
    if name in RETURN_SELF:
        return ref
    if name in ("children", "named_children") and (parts := children_of(frame, content)) is not None:
        return frame.world.allocate(
            ListObject(tuple(part if name == "children" else (key, part) for key, part in parts))
        )
    if name in ("children", "modules"):
        return frame.world.allocate(ListObject.some(unknown("a module")))
    if name in ("parameters", "buffers"):
        return frame.world.allocate(ListObject.some(Tensor(Shape.unknown("a parameter"), None)))
    if name in ("forward", "__call__"):
        return invoke(frame, ref, args, kwargs, node)
    return unknown(f"unknown method {content.type.name}.{name} at line {node.at[0]}", node.at[0])
