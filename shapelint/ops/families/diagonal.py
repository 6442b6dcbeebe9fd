"""Diagonals and triangles: diagonal, diag, diag_embed, tril, triu, trace, and the indices of triangles."""

from __future__ import annotations

from shapelint.dims import Dim, const, maximum, minimum, product
from shapelint.ops.dtypes import dtype_named
from shapelint.ops.families.pointwise import everywhere, same_shape
from shapelint.ops.families.slices import need_same, strided
from shapelint.ops.layout import ZERO
from shapelint.ops.needs import Trouble, current, index_of, need, need_at_least, number, seeing
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape


def diagonal_size(rows: Dim, columns: Dim, offset: Dim) -> Dim:
    """How many elements lie on a diagonal: offset > 0 above the main one, < 0 below it."""
    facts = current().facts
    low = facts.lower(offset)
    above = low is not None and low >= 0
    size = minimum(rows, columns - offset) if above else minimum(rows + offset, columns)
    least, most = facts.bounds(size)
    if most is not None and most <= 0:
        return const(0)
    if least is not None and least >= 0:
        return size
    if all(symbol.free for symbol in size.symbols):
        current().assume_at_least(size, 0)
        return size
    return maximum(size, 0)


@op(*everywhere("diagonal"))
def diagonal(input: Tensor, offset: Dim = ZERO, dim1: int = 0, dim2: int = 1) -> Tensor:
    """(*, m, n) -> (*, min(m, n)), less |offset| where that leaves the matrix.

    https://docs.pytorch.org/docs/stable/generated/torch.diagonal.html
    """
    rank = input.rank
    first, second = _two_dims(rank, dim1, dim2, "diagonal")
    sizes, strides = input.shape.dims, input.strides
    rest = [i for i in range(rank) if i not in (first, second)]
    size = diagonal_size(sizes[first], sizes[second], offset)
    steps = None if strides is None else (*(strides[i] for i in rest), strides[first] + strides[second])
    return strided(input, (*(sizes[i] for i in rest), size), steps)


def _two_dims(rank: int, dim1: int, dim2: int, operator: str) -> tuple[int, int]:
    need(rank >= 2, f"{operator} of a tensor of {rank} dims", Trouble.DIM_INDEX)
    first, second = index_of(dim1, rank, "dim1"), index_of(dim2, rank, "dim2")
    need(first != second, f"{operator} along dim {first} twice", Trouble.DIM_INDEX)
    return first, second


diagonal.gives("(B, N, N), 0, 1, 2", "(B, N)")
diagonal.gives("(N, N), 1", "(N-1,)")
diagonal.gives("(4, 6), -1", "(3,)")
diagonal.fails("(5,)", "diagonal of a tensor of 1 dims")
diagonal.fails("(2, 3), 0, 1, 1", "along dim 1 twice")


@op("torch.linalg.diagonal")
def linalg_diagonal(input: Tensor, *, offset: Dim = ZERO, dim1: int = -2, dim2: int = -1) -> Tensor:
    """(*, m, n) -> (*, min(m, n)). https://docs.pytorch.org/docs/stable/generated/torch.linalg.diagonal.html"""
    result: Tensor = diagonal.rule(input, offset, dim1, dim2)
    return result


@op(*everywhere("diag"))
def diag(input: Tensor, diagonal: Dim = ZERO) -> Tensor:
    """(n,) -> (n+|k|, n+|k|); (m, n) -> its k-th diagonal.

    https://docs.pytorch.org/docs/stable/generated/torch.diag.html
    """
    need(input.rank in (1, 2), f"diag of a tensor of {input.rank} dims {input.shape}", Trouble.DIM_INDEX)
    if input.rank == 1:
        side = input.shape[0] + _magnitude(diagonal)
        return input.with_shape(side, side)
    size = diagonal_size(input.shape[0], input.shape[1], diagonal)
    return input.with_shape(size)


diag.gives("(N,)", "(N, N)")
diag.gives("(N,), 1", "(N+1, N+1)")
diag.gives("(N, N)", "(N,)")
diag.fails("(2, 3, 4)", "diag of a tensor of 3 dims (2, 3, 4)")


def _magnitude(offset: Dim) -> Dim:
    return maximum(offset, -offset)


@op(*everywhere("diag_embed"))
def diag_embed(input: Tensor, offset: Dim = ZERO, dim1: int = -2, dim2: int = -1) -> Tensor:
    """(*, n) -> (*, n+|offset|, n+|offset|), the new dims at dim1 and dim2.

    https://docs.pytorch.org/docs/stable/generated/torch.diag_embed.html
    """
    need(input.rank >= 1, "diag_embed of a tensor of no dims", Trouble.DIM_INDEX)
    first, second = _two_dims(input.rank + 1, dim1, dim2, "diag_embed")
    side = input.shape[-1] + _magnitude(offset)
    sizes = list(input.shape.dims[:-1])
    for at in sorted((first, second)):
        sizes.insert(at, side)
    return input.with_shape(*sizes)


diag_embed.gives("(B, N)", "(B, N, N)")
diag_embed.gives("(B, N), 1", "(B, N+1, N+1)")
diag_embed.gives("(B, N), 0, 0, 2", "(N, B, N)")
diag_embed.fails("(2, 3), 0, 1, 1", "along dim 1 twice")


@op(*everywhere("diagflat"))
def diagflat(input: Tensor, offset: Dim = ZERO) -> Tensor:
    """(*a) of n elements -> (n+|offset|, n+|offset|).

    https://docs.pytorch.org/docs/stable/generated/torch.diagflat.html
    """
    side = product(input.shape.dims) + _magnitude(offset)
    return input.with_shape(side, side)


diagflat.gives("(A, B)", "(A*B, A*B)")


@op(*everywhere("diagonal_scatter"))
def diagonal_scatter(input: Tensor, src: Tensor, offset: Dim = ZERO, dim1: int = 0, dim2: int = 1) -> Tensor:
    """(*, m, n), (*, min(m, n)) -> (*, m, n).

    https://docs.pytorch.org/docs/stable/generated/torch.diagonal_scatter.html
    """
    need_same(src, diagonal.rule(input, offset, dim1, dim2), "diagonal_scatter")
    return input.made(input.shape)


diagonal_scatter.gives("(N, N), (N,)", "(N, N)")
diagonal_scatter.fails("(3, 3), (2,)", "diagonal_scatter writes (2,) to (3,)")


@op("torch.Tensor.fill_diagonal_")
def fill_diagonal_(input: Tensor, fill_value: Values, wrap: Values = False) -> Tensor:
    """(m, n) -> (m, n). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.fill_diagonal_.html"""
    need(input.rank >= 2, f"fill_diagonal_ of a tensor of {input.rank} dims {input.shape}", Trouble.DIM_INDEX)
    return input


@op(*everywhere("tril"), *everywhere("triu"))
def tril(input: Tensor, diagonal: Values = 0) -> Tensor:
    """(*, m, n) -> (*, m, n), zero above (triu: below) the diagonal.

    https://docs.pytorch.org/docs/stable/generated/torch.tril.html
    """
    input = seeing(input, 2)
    need(input.shape.least_rank >= 2, f"a triangle of a tensor of {input.shape.least_rank} dims {input.shape}")
    return same_shape(input, input.dtype)


tril.gives("(B, N, M)", "(B, N, M)")
tril.fails("(5,)", "a triangle of a tensor of 1 dims")


@op(*everywhere("trace"))
def trace(input: Tensor) -> Tensor:
    """(m, n) -> (). https://docs.pytorch.org/docs/stable/generated/torch.trace.html"""
    need(input.rank == 2, f"trace of a tensor of {input.rank} dims {input.shape}, not 2")
    return input.made(Shape())


trace.gives("(N, N)", "()")
trace.fails("(2, 3, 4)", "trace of a tensor of 3 dims")


def lower_count(rows: Dim, columns: Dim, offset: Dim) -> Dim:
    """How many elements of a matrix lie on and below a diagonal; a fresh size where neither side is like the other.

    Row i holds min(columns, max(0, i + 1 + offset)) of them.
    """
    m, n, k = number(rows), number(columns), number(offset)
    if m is not None and n is not None and k is not None:
        return const(sum(min(n, max(0, i + 1 + k)) for i in range(m)))
    if rows is not columns or k is None:
        return current().fresh("n")
    if k <= 0:
        side = rows + k
        need_at_least(side, 0, "no elements")
        current().assume_at_least(side, 0)
        return side * (side + 1) // 2
    upper = rows - (k + 1)
    current().assume_at_least(upper, -1)
    return rows * columns - upper * (upper + 1) // 2


@op("torch.tril_indices")
def tril_indices(row: Dim, col: Dim, offset: Dim = ZERO, *, dtype: Values = None, device: Values = None) -> Tensor:
    """m, n -> (2, elements on and below the diagonal): (2, n*(n+1)/2) for a square.

    https://docs.pytorch.org/docs/stable/generated/torch.tril_indices.html
    """
    _need_sides(row, col)
    return Tensor(Shape.of(2, lower_count(row, col, offset)), "contiguous", dtype_named(dtype, "int64"))


tril_indices.gives("3, 3", "(2, 6)")
tril_indices.gives("N, N", "(2, N*(N+1)//2)")


@op("torch.triu_indices")
def triu_indices(row: Dim, col: Dim, offset: Dim = ZERO, *, dtype: Values = None, device: Values = None) -> Tensor:
    """m, n -> (2, elements on and above the diagonal): (2, n*(n+1)/2) for a square.

    https://docs.pytorch.org/docs/stable/generated/torch.triu_indices.html
    """
    _need_sides(row, col)
    return Tensor(Shape.of(2, lower_count(col, row, -offset)), "contiguous", dtype_named(dtype, "int64"))


triu_indices.gives("4, 4, 1", "(2, 6)")
triu_indices.gives("N, N, 1", "(2, N*(N-1)//2)")


def _need_sides(rows: Dim, columns: Dim) -> None:
    need_at_least(rows, 0, f"a matrix of {rows} rows")
    need_at_least(columns, 0, f"a matrix of {columns} columns")
