"""Whether a program says itself on which device tensors are made."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from shapelint.interp.state.decorators import name_of
from shapelint.program import nodes


def sets_a_default_device(module: nodes.Module) -> bool:
    """Whether it does, anywhere, by a function of torch or by `with torch.device(...)`."""
    stack: list[object] = list(module.body)
    while stack:
        node = stack.pop()
        if _sets_it(node):
            return True
        if isinstance(node, tuple):
            stack.extend(node)
        elif is_dataclass(node):
            stack.extend(getattr(node, field.name) for field in fields(node))
    return False


def _sets_it(node: object) -> bool:
    if isinstance(node, nodes.Attribute):
        return node.attr in ("set_default_device", "set_default_tensor_type")
    if isinstance(node, nodes.With):
        return any(name_of(context).rpartition(".")[2] == "device" for context, _ in node.items)
    return False
