"""Elementwise operators of three operands, and those that choose between operands: where, masked_fill, clamp, lerp."""

from __future__ import annotations

from shapelint.ops.dtypes import promoted
from shapelint.ops.families.nonzero import nonzero_tuple
from shapelint.ops.families.pointwise import elementwise, everywhere, need_fits
from shapelint.ops.needs import need, need_dtype
from shapelint.ops.registry import op
from shapelint.ops.signature import Operand, Values
from shapelint.ops.tensor import Tensor


@op("torch.where")
def where(condition: Tensor, input: Operand | None = None, other: Operand | None = None) -> Tensor | tuple[Tensor, ...]:
    """(*a), (*b), (*c) -> their broadcast; a condition alone -> what nonzero(as_tuple=True) gives.

    https://docs.pytorch.org/docs/stable/generated/torch.where.html
    """
    if input is None or other is None:
        need(input is other, "where takes a condition, or a condition and two values")
        return nonzero_tuple(condition)
    _need_bools(condition)
    return elementwise(condition, input, other, dtype=_plain(promoted(input, other)))


def _need_bools(condition: Tensor) -> None:
    if condition.dtype != "uint8":  # which PyTorch still takes
        need_dtype(condition, ("bool",), "the condition of where is")


where.gives("bool (B, L), (L,), ()", "(B, L)")
where.fails("bool (2, 3), (4,), ()", "do not broadcast")


@op("torch.Tensor.where")
def where_method(input: Tensor, condition: Tensor, other: Operand) -> Tensor:
    """(*a), (*b), (*c) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.where.html"""
    _need_bools(condition)
    return elementwise(input, condition, other, dtype=_plain(promoted(input, other)))


where_method.gives("(L,), bool (B, L), ()", "(B, L)")


def _plain(dtype: str | None) -> str | None:
    return dtype and dtype.removeprefix("number ")


@op(*everywhere("masked_fill"))
def masked_fill(input: Tensor, mask: Tensor, value: Operand) -> Tensor:
    """(*a), (*b), () -> the broadcast of the first two.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill_.html
    """
    need(not value.shape.known or value.rank == 0, f"masked_fill with a tensor of shape {value.shape}, not one number")
    need_dtype(mask, ("bool",), "the mask of masked_fill is")
    return elementwise(input, mask, dtype=input.dtype)


masked_fill.gives("(B, h, L, S), bool (B, 1, 1, S), ()", "(B, h, L, S)")
masked_fill.fails("(2, 3), bool (2, 4), ()", "3 against 4 in dim -1")


@op("torch.clamp", "torch.Tensor.clamp", "torch.clip", "torch.Tensor.clip")
def clamp(input: Tensor, min: Operand | None = None, max: Operand | None = None) -> Tensor:
    """(*a), (*b), (*c) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.clamp.html"""
    bounds = [bound for bound in (min, max) if bound is not None]
    need(bool(bounds), "clamp needs min or max")
    return elementwise(input, *bounds, dtype=_plain(promoted(input, *bounds)))


clamp.gives("(B, L), (), ()", "(B, L)")
clamp.gives("(B, L), (L,)", "(B, L)")
clamp.fails("(2, 3), (4,)", "3 against 4 in dim -1")


@op(*everywhere("clamp_min"))
def clamp_min(input: Tensor, min: Operand) -> Tensor:
    """(*a), (*b) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.clamp.html"""
    return elementwise(input, min, dtype=_plain(promoted(input, min)))


clamp_min.gives("(B, L), ()", "(B, L)")


@op(*everywhere("clamp_max"))
def clamp_max(input: Tensor, max: Operand) -> Tensor:
    """(*a), (*b) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.clamp.html"""
    return elementwise(input, max, dtype=_plain(promoted(input, max)))


clamp_max.gives("(B, L), ()", "(B, L)")


@op(*everywhere("lerp"))
def lerp(input: Tensor, end: Tensor, weight: Operand) -> Tensor:
    """(*a), (*b), (*c) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.lerp.html"""
    return elementwise(input, end, weight, dtype=input.dtype)


lerp.gives("(B, L), (B, L), ()", "(B, L)")
lerp.fails("(2, 3), (4,), ()", "3 against 4 in dim -1")


@op("torch.addcmul", "torch.Tensor.addcmul", "torch.addcdiv", "torch.Tensor.addcdiv")
def addcmul(
    input: Tensor, tensor1: Operand, tensor2: Tensor, last: Tensor | None = None, *, value: Values = 1
) -> Tensor:
    """(*a), (*b), (*c) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.addcmul.html

    In the old form, which still runs, a number stands before the two.
    """
    first, second = (tensor1, tensor2) if last is None else (tensor2, last)
    return elementwise(input, first, second, dtype=promoted(input, first, second))


addcmul.gives("(B, L), (B, 1), (L,)", "(B, L)")
addcmul.gives("(B, L), -1, (B, 1), (L,)", "(B, L)")
addcmul.fails("(2, 3), (4,), ()", "3 against 4 in dim -1")


@op("torch.Tensor.copy_")
def copy_(input: Tensor, other: Tensor, non_blocking: Values = False) -> Tensor:
    """(*a), (*b) -> (*a), to which b must expand.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.copy_.html
    """
    need_fits(other, input)
    return input


copy_.gives("(B, L), (L,)", "(B, L)")
copy_.fails("(2, 3), (2, 4)", "3 against 4 in dim -1")
