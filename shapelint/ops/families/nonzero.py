"""Operators whose result has as many rows as the data says: nonzero, argwhere, masked_select."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.families.pointwise import broadcast_all, everywhere
from shapelint.ops.needs import current, need_dtype
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape


def nonzero_tuple(input: Tensor) -> tuple[Tensor, ...]:
    """The indices of what is not zero, a tensor (n,) for each dim; n depends on the data."""
    count = current().fresh("n")
    return tuple(input.made(Shape.of(count), "int64") for _ in range(max(input.rank, 1)))


def _rows(input: Tensor) -> Tensor:
    """One row for each element that is not zero; on a CPU they lie in memory column by column."""
    return Tensor(Shape.of(current().fresh("n"), input.rank), None, "int64", input.device)


@op(*everywhere("nonzero"))
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Tensor | tuple[Tensor, ...]:
    """(d1, ..., dr) -> (n, r), n of the data; as_tuple: r times (n,).

    https://docs.pytorch.org/docs/stable/generated/torch.nonzero.html
    """
    if as_tuple:
        return nonzero_tuple(input)
    return _rows(input)


nonzero.gives("(B, L)", "(n, 2)")


@op(*everywhere("argwhere"))
def argwhere(input: Tensor) -> Tensor:
    """(d1, ..., dr) -> (n, r), n of the data. https://docs.pytorch.org/docs/stable/generated/torch.argwhere.html"""
    return _rows(input)


argwhere.gives("(B, L)", "(n, 2)")


@op(*everywhere("nonzero_static"))
def nonzero_static(input: Tensor, *, size: Dim, fill_value: Values = -1) -> Tensor:
    """(d1, ..., dr) -> (size, r). https://docs.pytorch.org/docs/stable/generated/torch.nonzero.html"""
    return input.made(Shape.of(size, input.rank), "int64")


nonzero_static.gives("(B, L), size=k", "(k, 2)")


@op(*everywhere("masked_select"))
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """(*a), (*b) that broadcast -> (n,), n of the data.

    https://docs.pytorch.org/docs/stable/generated/torch.masked_select.html
    """
    need_dtype(mask, ("bool",), "the mask of masked_select is")
    shape = broadcast_all(input, mask)
    count = current().count_of(mask) if shape == mask.shape else current().fresh("n")
    return input.made(Shape.of(count))


masked_select.gives("(B, L), bool (L,)", "(n,)")
masked_select.fails("(2, 3), bool (4,)", "3 against 4 in dim -1")
