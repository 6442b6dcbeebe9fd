"""Methods of a layer that a class extends, called by the layer's name: `nn.Linear.__init__(self, n, m)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.interp.calls.classes import PACKAGES, make_base_layer
from shapelint.interp.objects.held_modules import whole_base
from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.values import Instance, Ref, Value
from shapelint.program import nodes


def is_of_base(frame: Frame, name: str, args: Sequence[Value]) -> bool:
    """Whether a function is the constructor or `forward` of the first layer that its first argument's class extends."""
    base, _, method = name.rpartition(".")
    content = frame.world.heap.get(args[0].id) if args and isinstance(args[0], Ref) else None
    if method not in ("__init__", "forward") or not isinstance(content, Instance):
        return False
    if base == "torch.nn.Module":
        return method == "__init__"
    layers = [one for one in content.type.order if isinstance(one, str) and one.startswith(PACKAGES)]
    return layers[:1] == [base] and (method == "__init__" or "<base>" in content.attrs)


def call_of_base(
    frame: Frame, name: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """What such a method does to the instance, or gives."""
    ref = args[0]
    assert isinstance(ref, Ref)
    content = frame.world.heap[ref.id]
    assert isinstance(content, Instance)
    if name.endswith(".forward"):
        return invoke(frame, whole_base(frame, content), args[1:], kwargs, node)
    if name != "torch.nn.Module.__init__":
        make_base_layer(frame, ref, content.type, args[1:], kwargs, node)
    return None
