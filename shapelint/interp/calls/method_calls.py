"""Calls of methods: of tensors, layers, containers, objects of Python's own, what is not known, and of ancestors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapelint.dims import Dim
from shapelint.interp.calls.attributes import attribute
from shapelint.interp.calls.call import layer_call, layer_method
from shapelint.interp.calls.classes import make_base_layer, plain_instance
from shapelint.interp.calls.subscripts import subscript
from shapelint.interp.inputs.asked_attributes import is_no_tensor
from shapelint.interp.objects.containers import container_method
from shapelint.interp.objects.held_modules import whole_base
from shapelint.interp.objects.methods import object_method
from shapelint.interp.objects.modules import module_method
from shapelint.interp.objects.reshaped import leave_changed
from shapelint.interp.objects.rows import items_of
from shapelint.interp.objects.rules import run_rule
from shapelint.interp.objects.spread_sizes import with_sizes_spread
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.state.decorators import is_kernel
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame, calls, invoke
from shapelint.interp.state.method_names import (
    CASTS,
    COPYING,
    RESHAPING,
    SURELY_TENSOR,
    is_called_of_tensors,
    tensors_own,
)
from shapelint.interp.state.values import (
    Bound,
    Builtin,
    ClassValue,
    Container,
    DictObject,
    Instance,
    Layer,
    ListObject,
    MethodOf,
    Ref,
    Super,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.call import apply_found, gives_tensor
from shapelint.ops.registry import find_method, has_method
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import PERHAPS_ARRAY, PERHAPS_ARRAYS, Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import Shape


@calls(MethodOf)
def method_call(
    frame: Frame, callee: MethodOf, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A method of a tensor, layer, container, list, dict or string."""
    receiver = frame.world.settle(callee.receiver)
    if isinstance(receiver, Tensor):
        return tensor_method(frame, receiver, callee.name, args, kwargs, node)
    if isinstance(receiver, Ref):
        content = frame.world.heap.get(receiver.id)
        if isinstance(content, Container):
            return container_method(frame, receiver, content, callee.name, args, kwargs, node)
        if isinstance(content, Instance):
            return module_method(frame, receiver, callee.name, args, kwargs, node)
        if isinstance(content, (ListObject, DictObject)):
            return object_method(frame, receiver, content, callee.name, args, kwargs, node)
    if isinstance(receiver, Layer):
        if callee.name in ("forward", "__call__"):
            return layer_call(frame, receiver, args, kwargs, node)
        if has_method(type(receiver.instance), callee.name):
            return layer_method(frame, receiver, callee.name, args, kwargs, node)
        return receiver if callee.name in KEEP_MODULE else unknown(f"{receiver.name}.{callee.name}()", node.at[0])
    if receiver == Builtin("type") and callee.name == "__call__" and args and isinstance(args[0], ClassValue):
        return plain_instance(frame, args[0], args[1:], kwargs, node)
    if isinstance(receiver, Super):
        return _super_method(frame, receiver, callee.name, args, kwargs, node)
    if isinstance(receiver, Unknown):
        return unknown_method(frame, receiver, callee.name, args, kwargs, node)
    if isinstance(receiver, Dim) and callee.name in SURELY_TENSOR:  # `n - 1` is calculated of tensors, too
        given = all(symbol.free for symbol in receiver.symbols)
        tensor = Tensor(Shape.unknown(given=given), None, device=PERHAPS_ARRAY)
        return tensor_method(frame, tensor, callee.name, args, kwargs, node)
    if callee.name == "to" and isinstance(receiver, (Dim, int)) and frame.function and is_kernel(frame.function):
        return receiver  # a number of a kernel has a dtype
    return object_method(frame, receiver, receiver, callee.name, args, kwargs, node)


KEEP_MODULE = frozenset("to cuda cpu eval train half float double bfloat16 requires_grad_ apply type compile".split())


def tensor_method(
    frame: Frame,
    receiver: Tensor,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: nodes.Call,
) -> Value:
    """A method of a tensor: the operator of that name; one that works in place changes what the name stands for."""
    if name == "size" and not receiver.shape.known:
        sizes = SizesOf(receiver.shape)
        return sizes if not args and not kwargs else _one_size(frame, sizes, [*args, *kwargs.values()][0], node)
    if name in ("dim", "ndimension") and not args and not kwargs:
        return frame.world.rank_of(receiver.shape)
    if name == "split" and not args and not kwargs:
        return unknown("it may be a string that is split", node.at[0])
    if name == "transpose" and receiver.device in PERHAPS_ARRAYS and not _are_two_places(args):
        receiver = replace(receiver, device="numpy")
    found = find_method(name, receiver.device)
    if found is None and receiver.device in PERHAPS_ARRAYS:  # `copy`, `astype`: it is an array
        receiver = replace(receiver, device="numpy")
        found = find_method(name, receiver.device)
    if found is None:
        result = unknown(f"unknown method {name} of a tensor at line {node.at[0]}", node.at[0])
        if name in RESHAPING and isinstance(node.func, nodes.Attribute):
            leave_changed(frame, node.func.value, receiver, result, name)
        return result
    args, kwargs = with_sizes_spread(frame, found, args, kwargs)
    if "*" in kwargs or "**" in kwargs:
        return unknown(f".{name}() with arguments that are not known", node.at[0])
    of_tensor = gives_tensor(found) and not found.in_place  # which leaves the receiver as large as it was
    made = run_rule(
        frame, node, lambda a, k: apply_found(found, a, k), [receiver, *args], kwargs, f".{name}()", of_tensor=of_tensor
    )
    if found.in_place and isinstance(node.func, nodes.Attribute) and (isinstance(made, Tensor) or name in RESHAPING):
        leave_changed(frame, node.func.value, receiver, made, name)
    return made


def _are_two_places(args: Sequence[Value]) -> bool:
    """Whether these may be the two dims that `transpose` exchanges: an array takes the order of all of them."""
    return len(args) < 3 and not any(isinstance(arg, (tuple, Ref)) for arg in args)


def _one_size(frame: Frame, sizes: SizesOf, index: Value, node: nodes.Call) -> Value:
    return subscript(frame, sizes, index, nodes.Subscript(node.at, node.func, node.func))


def unknown_method(
    frame: Frame,
    receiver: Unknown,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: nodes.Call,
) -> Value:
    """A method of an unknown value, which is a tensor if only tensors have it."""
    asked_of_tensors = is_called_of_tensors(name, [_as_row(frame, one) for one in args], kwargs) or name in tensors_own(
        receiver
    )
    if asked_of_tensors and not receiver.is_object and not (receiver.origin and is_no_tensor(frame, receiver.origin)):
        tensor = Ground(frame.world).as_tensor(receiver)
        if tensor is not None:
            return tensor_method(frame, tensor, name, args, kwargs, node)
    if name in CASTS | COPYING and not any(isinstance(value, Ref) for value in args):
        return receiver
    if receiver.origin and not receiver.is_object:
        return unknown(f"unknown method {receiver.origin}.{name} at line {node.at[0]}", node.at[0])
    if receiver.is_object:  # what it gives is another thing than the object
        return Unknown(receiver.reason, line=node.at[0], given=receiver.given)
    return receiver


def _as_row(frame: Frame, value: Value) -> Value:
    """A list of known items as the row that it is, anything else as it is."""
    items = items_of(frame, value)[0] if isinstance(value, Ref) else None
    return tuple(map(frame.world.settle, items)) if items is not None else value


def _super_method(
    frame: Frame, receiver: Super, name: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A method of an ancestor outside the program: a layer's, nn.Module's own, or unknown."""
    ref = receiver.receiver
    if isinstance(ref, ClassValue) and name == "__call__":
        return plain_instance(frame, ref, args, kwargs, node)
    if not isinstance(ref, Ref):
        return unknown(f"super().{name}()", node.at[0])
    content = frame.world.heap.get(ref.id)
    if name == "__init__":
        make_base_layer(frame, ref, receiver.start, args, kwargs, node)
        return None
    base = content.attrs.get("<base>") if isinstance(content, Instance) else None
    if isinstance(content, Instance) and base is not None and name in ("forward", "__call__"):
        return invoke(frame, whole_base(frame, content), args, kwargs, node)
    layers = [one for one in alternatives(base) if isinstance(one, Layer) and has_method(type(one.instance), name)]
    if isinstance(base, Ref) or len(layers) == len(alternatives(base)):
        return invoke(frame, choice([MethodOf(one, name) for one in alternatives(base)]), args, kwargs, node)
    if name == "forward":
        return unknown(f"super().{name}()", node.at[0])
    own = attribute(frame, ref, "forward", node) if name == "__call__" else None
    if isinstance(own, Bound):  # that is what nn.Module's goes on to
        return invoke(frame, own, args, kwargs, node)
    return module_method(frame, ref, name, args, kwargs, node)
