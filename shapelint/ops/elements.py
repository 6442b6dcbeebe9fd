"""The number that a tensor of no dims holds, where code uses it as a size: `torch.arange(lengths.max())`."""

from __future__ import annotations

from dataclasses import replace

from shapelint.dims import Dim
from shapelint.ops.needs import current
from shapelint.ops.tensor import INTEGRAL, Tensor


def numbered(tensor: Tensor, name: str, of: Tensor) -> Tensor:
    """The tensor with a size for the number that it holds, if it has no dims and may hold an int.

    That is the same one each time for the largest `of` the same elements, and for those of a mask that are true.
    """
    if not tensor.shape.known or tensor.rank or tensor.dtype not in (None, *INTEGRAL):
        return tensor
    is_count = name == "sum" and of.dtype == "bool"
    return replace(tensor, number=current().count_of(of) if is_count else current().number_in(of, name))


def as_length(tensor: Tensor, name: str) -> Dim:
    """The number that a tensor of one element holds, which is used as a size: what it is made of is not below 0."""
    size = tensor.number
    if size is None:
        return current().fresh(name)
    for part in size.symbols:
        if part.minimum < 0:
            current().assume_at_least(part.dim, 0)
    return size
