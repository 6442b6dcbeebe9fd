"""Weights of a softmax along a dim that is not the one that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapelint.dims import Dim, const
from shapelint.interp.state.events import Found
from shapelint.interp.state.provenance import (
    called,
    dim_of,
    is_product,
    parts_of,
    unpacked_from,
    written,
)
from shapelint.notation.model import BATCHES
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied

_OF_SOFTMAX = frozenset(["input", "dim", "dtype", "_stacklevel"])


def over_batch(applied: Applied) -> Found | None:
    """Weights that sum up to 1 over the dim that is named as the batch."""
    input = applied.known(0, "input")
    position = applied.dim if applied.name.startswith("nn.") else applied.value(1, "dim")
    if input is None or input.rank < 2 or (position is None and not applied.kwargs.keys() <= _OF_SOFTMAX):
        return None
    number = position.value if isinstance(position, Dim) else position
    if number is None and position is None:
        number = 0 if input.rank == 3 else 1
    first = input.shape[0]
    if type(number) is not int or number % input.rank != 0 or first.as_symbol is None:
        return None
    is_again = any(first.as_symbol in size.symbols for size in input.shape.dims[1:])
    if is_again or first.as_symbol.name.lower() not in BATCHES:
        return None
    without = " (which is what it takes without dim=)" if position is None else ""
    return f"softmax of {input.shape} over dim 0{without} sums up over the batch {first}", (first, const(1)), ()


def over_others_than_chosen(applied: Applied) -> Found | None:
    """Weights of the largest scores along one dim that sum up to 1 along another one: those of all tokens."""
    input, position = applied.known(0, "input"), applied.value(1, "dim")
    position = applied.dim if applied.name.startswith("nn.") else position
    number = position.value if isinstance(position, Dim) else position
    chosen = unpacked_from(applied.frame, applied.operand(0))
    if input is None or type(number) is not int or called(chosen) != "topk" or not isinstance(chosen, nodes.Call):
        return None
    along = dim_of(chosen, 2, default=-1)
    if along is None or not -input.rank <= min(along, number) <= max(along, number) < input.rank:
        return None
    if along % input.rank == number % input.rank:
        return None
    reason = f"softmax of {input.shape} over dim {number}, but topk chose them along dim {along}"
    return reason, None, ("weights that sum up to 1 are those of the dim along which they were chosen",)


def over_one(applied: Applied) -> Found | None:
    """Weights over a dim that is always 1, and no score of one of perhaps several keys."""
    input, position = applied.args[0] if applied.args else None, applied.value(1, "dim")
    position = applied.dim if applied.name.startswith("nn.") else position
    number = position.value if isinstance(position, Dim) else position
    if not isinstance(input, Tensor) or type(number) is not int or applied.frame.name.startswith("test"):
        return None
    shape = input.shape
    sizes = shape.dims if shape.known else shape.back if number < 0 else shape.front
    if not -len(sizes) <= number < len(sizes) or sizes[number].value != 1:
        return None
    operand = applied.operand(0)
    if operand is not None and any(
        is_product(part) for one in written(applied.frame, operand) for part in parts_of(one)
    ):
        return None
    return f"softmax of {shape} over dim {number}, which is 1, gives nothing but 1", None, ()
