"""What an object that a function returns holds, where that is a single tensor: of it the result is told."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.interp.paths.join import choice
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, ClassValue, FunctionValue, Instance, Ref, Value
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.written import statements_of


def held_in(frame: Frame, value: Value) -> Value:
    """A result; in the place of an object that holds one tensor and nothing else that may be one, that tensor.

    `return Output(sample=x)` is told of by the shape of `x`, unless the object holds it in another shape.
    """
    ways = frame.world.settle(value)
    if not isinstance(ways, Choice):
        return _only_tensor(frame, ways)
    held = [(_only_tensor(frame, one), path) for one, path in ways.each()]
    return choice([one for one, _ in held], [path for _, path in held])


def _only_tensor(frame: Frame, value: Value) -> Value:
    value = frame.world.settle(value)
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if not isinstance(content, Instance) or content.open or content.type.is_module:
        return value
    attrs = {name: frame.world.settle(one) for name, one in content.attrs.items()}
    tensors = [name for name, one in attrs.items() if isinstance(one, Tensor)]
    plain = (Tensor, Dim, str, bool, int, float, type(None))
    if len(tensors) != 1 or not all(isinstance(one, plain) for one in attrs.values()):
        return value
    return attrs[tensors[0]] if _is_kept_as_given(content.type, tensors[0]) else value


def _is_kept_as_given(cls: ClassValue, name: str) -> bool:
    """Whether an instance's attribute is what it was made with: its constructor makes it of nothing but a parameter."""
    maker = next((one.attrs["__init__"] for one in cls.lineage if "__init__" in one.attrs), None)
    node = maker.node if isinstance(maker, FunctionValue) else None
    if not isinstance(node, nodes.Function):
        return True
    bound = [one for one in statements_of(node) if isinstance(one, nodes.Assign)]
    made = [one.value for one in bound if any(_is_attribute(target, name) for target in one.targets)]
    return all(isinstance(one, nodes.Name) for one in made)


def _is_attribute(target: nodes.Expr, name: str) -> bool:
    return isinstance(target, nodes.Attribute) and target.attr == name
