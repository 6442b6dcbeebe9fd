"""Gradients that are asked for by name, and tensors wrapped for them as before PyTorch 0.4."""

from __future__ import annotations

from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape


@op("torch.autograd.grad")
def gradients(
    outputs: Values,
    inputs: Values,
    grad_outputs: Values = None,
    retain_graph: Values = None,
    create_graph: Values = False,
    only_inputs: Values = True,
    allow_unused: Values = None,
    is_grads_batched: bool = False,
    materialize_grads: Values = False,
) -> tuple[Tensor, ...]:
    """outputs, inputs (*a), (*b), ... -> (*a), (*b), ...: a tuple of gradients as large as the inputs.

    https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
    """
    if is_grads_batched:
        raise NotKnown("how many gradients there are for each input")
    if not isinstance(inputs, (Tensor, tuple, list)):
        raise NotKnown("of what the gradients are")
    several = (inputs,) if isinstance(inputs, Tensor) else inputs
    return tuple(one.made(one.shape) if isinstance(one, Tensor) else Tensor(Shape.unknown()) for one in several)


@op("torch.autograd.Variable", "torch.autograd.variable.Variable")
def variable(data: Tensor, requires_grad: Values = False, volatile: Values = False) -> Tensor:
    """(*) -> (*): the tensor itself. https://docs.pytorch.org/docs/stable/autograd.html#variable-deprecated"""
    return data


variable.gives("(B, D)", "(B, D)")
variable.gives("(B, D), True", "(B, D)")
