"""Linear algebra on matrices, and on batches of them: norms, determinants, inverses, powers."""

from __future__ import annotations

from typing import NamedTuple

from shapelint.dims import Dim, product
from shapelint.ops.along import found
from shapelint.ops.dtypes import promoted
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.families.reduce import need_elements, real, reduced_shape, summed
from shapelint.ops.needs import Trouble, need, need_equal, number, seeing
from shapelint.ops.registry import op
from shapelint.ops.signature import DType, Ints, Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape


def matrix(input: Tensor, what: str = "the matrix") -> Tensor:
    """The tensor with its last two dims seen. Raises CannotRun where it has not two."""
    input = seeing(input, 2)
    need(
        input.shape.least_rank >= 2,
        f"{what} has {input.shape.least_rank} dims {input.shape}, not 2 or more",
        Trouble.LAYER_INPUT,
    )
    return input


def square(input: Tensor, what: str = "the matrix") -> Tensor:
    """The tensor with its last two dims seen, which must be equal."""
    input = matrix(input, what)
    need_equal(
        input.shape[-2], input.shape[-1], f"{what} {input.shape} is not square: the rows", "the columns",
        Trouble.LAYER_INPUT,
    )  # fmt: skip
    return input


def batch(input: Tensor) -> Shape:
    """All dims before those of the matrix."""
    return input.shape.with_last(dropping=2)


def matrices(input: Tensor, *sizes: Dim, dtype: str | None = "same") -> Tensor:
    """As many results as matrices come in, each of these sizes; LAPACK lays them out by columns, or not."""
    shape = input.shape.with_last(*sizes, dropping=2)
    return Tensor(shape, None, input.dtype if dtype == "same" else dtype, input.device)


def joint_batch(a: Tensor, b: Tensor) -> Shape:
    """The broadcast of the dims before the matrices."""
    return broadcast_all(Tensor(batch(a)), Tensor(batch(b)))


# -- to one number each ------------------------------------------------------------------------------------------------


@op("torch.linalg.det", "torch.det", "torch.Tensor.det", "torch.logdet", "torch.Tensor.logdet")
def det(A: Tensor) -> Tensor:
    """(*, n, n) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.linalg.det.html"""
    return square(A).made(batch(square(A)))


det.gives("(B, n, n)", "(B,)")
det.fails("(2, 3)", "the matrix (2, 3) is not square: the rows is 2, the columns is 3")


class SignLog(NamedTuple):
    """A determinant by its sign and the logarithm of its absolute value."""

    sign: Tensor
    logabsdet: Tensor


@op("torch.linalg.slogdet", "torch.slogdet", "torch.Tensor.slogdet")
def slogdet(A: Tensor) -> SignLog:
    """(*, n, n) -> sign (*), logabsdet (*). https://docs.pytorch.org/docs/stable/generated/torch.linalg.slogdet.html"""
    A = square(A)
    return SignLog(A.made(batch(A)), A.made(batch(A), real(A.dtype)))


slogdet.gives("(B, n, n)", "(B,), (B,)")


@op("torch.linalg.cond")
def cond(A: Tensor, p: Values = None) -> Tensor:
    """(*, m, n) -> (*), square unless p is 2 or -2. https://docs.pytorch.org/docs/stable/generated/torch.linalg.cond.html"""
    exponent = number(p) if isinstance(p, (int, Dim)) else p
    A = matrix(A) if exponent in (None, 2, -2) or isinstance(p, Unknown) else square(A)
    return Tensor(batch(A), None, real(A.dtype), A.device)


cond.gives("(B, n, n)", "(B,)")


@op("torch.linalg.matrix_rank")
def matrix_rank(
    A: Tensor, tol: Values = None, hermitian: Values = False, *, atol: Values = None, rtol: Values = None
) -> Tensor:
    """(*, m, n) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.linalg.matrix_rank.html"""
    A = square(A) if hermitian is True else matrix(A)
    limits = [each for each in (tol, atol, rtol) if isinstance(each, Tensor)]
    empty = any(number(size) == 0 for size in A.shape.seen())
    return Tensor(batch(A) if empty else broadcast_all(Tensor(batch(A)), *limits), None, "int64", A.device)


matrix_rank.gives("(B, m, n)", "(B,)")


# -- norms -------------------------------------------------------------------------------------------------------------


def _norm(input: Tensor, ord: Values, dim: Ints | None, keepdim: bool, dtype: str | None) -> Tensor:
    exponent = number(ord) if isinstance(ord, (int, Dim)) else ord
    if isinstance(exponent, (int, float)) and (exponent < 0 or (dim and exponent == float("inf"))):
        need_elements(input, dim, "a norm")  # a least or greatest element must be there
    return input.made(reduced_shape(input, dim, keepdim), dtype or real(input.dtype))


@op("torch.linalg.vector_norm")
def vector_norm(
    x: Tensor, ord: Values = 2, dim: Ints | None = None, keepdim: bool = False, *, dtype: DType | None = None
) -> Tensor:
    """(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b), for each d of `dim`; without `dim` -> ().

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html
    """
    return _norm(x, ord, dim, keepdim, dtype)


vector_norm.gives("(B, L, D), 2, -1", "(B, L)")
vector_norm.gives("(B, L, D)", "()")
vector_norm.fails("(B, L), 2, 2", "dim 2 of a tensor of 2 dims")


def _matrix_norm(A: Tensor, ord: Values, dim: Ints, keepdim: bool, dtype: str | None) -> Tensor:
    need(len(dim) == 2, f"a matrix norm over {len(dim)} dims, not 2", Trouble.DIM_INDEX)
    if all(at < 0 for at in dim):
        A = matrix(A)
    if A.shape.known:
        need(A.rank >= 2, f"a matrix norm of {A.shape}, which has less than 2 dims", Trouble.DIM_INDEX)
    return A.made(reduced_shape(A, dim, keepdim), dtype or real(A.dtype))


@op("torch.linalg.matrix_norm")
def matrix_norm(
    A: Tensor, ord: Values = "fro", dim: Ints = (-2, -1), keepdim: bool = False, *, dtype: DType | None = None
) -> Tensor:
    """(*, m, n) -> (*), with keepdim (*, 1, 1).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.matrix_norm.html
    """
    return _matrix_norm(A, ord, dim, keepdim, dtype)


matrix_norm.gives("(B, m, n)", "(B,)")
matrix_norm.gives("(B, m, n), keepdim=True", "(B, 1, 1)")
matrix_norm.fails("(3,)", "the matrix has 1 dims (3,), not 2 or more")


@op("torch.linalg.norm")
def linalg_norm(
    A: Tensor, ord: Values = None, dim: Ints | None = None, keepdim: bool = False, *, dtype: DType | None = None
) -> Tensor:
    """Of a vector or a matrix along `dim` (one or two dims), which go, or become 1 with keepdim; without -> ().

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.norm.html
    """
    if dim is not None:
        need(len(dim) in (1, 2) or ord is None, f"a norm over {len(dim)} dims, not 1 or 2", Trouble.DIM_INDEX)
        return _matrix_norm(A, ord, dim, keepdim, dtype) if len(dim) == 2 else _norm(A, ord, dim, keepdim, dtype)
    if ord is not None and not isinstance(ord, Unknown):
        ranks = (2,) if isinstance(ord, str) else (1, 2)
        need(A.rank in ranks, f"a norm of order {ord} of {A.shape}, which has {A.rank} dims")
        if A.rank == 1:
            return _norm(A, ord, None, keepdim, dtype)
    return A.made(reduced_shape(A, None, keepdim), dtype or real(A.dtype))


linalg_norm.gives("(B, L, D), dim=-1", "(B, L)")
linalg_norm.gives("(B, m, n), dim=(1, 2), keepdim=True", "(B, 1, 1)")
linalg_norm.gives("(B, L, D)", "()")


# -- to a matrix each --------------------------------------------------------------------------------------------------


@op("torch.linalg.inv", "torch.inverse", "torch.Tensor.inverse", "torch.linalg.matrix_exp", "torch.matrix_exp",
    "torch.Tensor.matrix_exp")  # fmt: skip
def inv(A: Tensor) -> Tensor:
    """(*, n, n) -> (*, n, n). https://docs.pytorch.org/docs/stable/generated/torch.linalg.inv.html"""
    A = square(A)
    return matrices(A, A.shape[-2], A.shape[-1])


inv.gives("(B, n, n)", "(B, n, n)")
inv.fails("(2, 3)", "the matrix (2, 3) is not square")


class Inverse(NamedTuple):
    """An inverse, and for each matrix whether it was found."""

    inverse: Tensor
    info: Tensor


@op("torch.linalg.inv_ex")
def inv_ex(A: Tensor, *, check_errors: Values = False) -> Inverse:
    """(*, n, n) -> inverse (*, n, n), info (*). https://docs.pytorch.org/docs/stable/generated/torch.linalg.inv_ex.html"""
    A = square(A)
    return Inverse(matrices(A, A.shape[-2], A.shape[-1]), matrices(A, dtype="int32"))


@op("torch.linalg.pinv", "torch.pinverse", "torch.Tensor.pinverse")
def pinv(
    A: Tensor, rcond: Values = None, hermitian: Values = False, *, atol: Values = None, rtol: Values = None
) -> Tensor:
    """(*, m, n) -> (*, n, m). https://docs.pytorch.org/docs/stable/generated/torch.linalg.pinv.html"""
    A = square(A) if hermitian is True else matrix(A)
    empty = any(number(size) == 0 for size in A.shape.seen())  # then no limit is looked at
    limits = [each for each in (rcond, atol, rtol) if isinstance(each, Tensor) and not empty]
    shape = broadcast_all(Tensor(batch(A)), *limits)
    return Tensor(shape.with_last(A.shape[-1], A.shape[-2], dropping=0), None, A.dtype, A.device)


pinv.gives("(B, m, n)", "(B, n, m)")


@op("torch.linalg.matrix_power", "torch.matrix_power", "torch.Tensor.matrix_power")
def matrix_power(A: Tensor, n: Values) -> Tensor:
    """(*, n, n) -> (*, n, n). https://docs.pytorch.org/docs/stable/generated/torch.linalg.matrix_power.html"""
    A = square(A)
    return matrices(A, A.shape[-2], A.shape[-1])


matrix_power.gives("(B, n, n), 3", "(B, n, n)")


@op("torch.linalg.tensorinv")
def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """(*a, *b) -> (*b, *a) for `ind` dims in a, which must have as many elements as b.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.tensorinv.html
    """
    need(ind > 0, f"ind is {ind}, not 1 or more")
    rows, columns = A.shape.dims[:ind], A.shape.dims[ind:]
    need_equal(
        product(rows), product(columns), f"the number of elements of {Shape(rows)}", f"that of {Shape(columns)}",
        Trouble.COUNT,
    )  # fmt: skip
    return Tensor(Shape(columns + rows), None, A.dtype, A.device)


tensorinv.gives("(2, 3, 6)", "(6, 2, 3)")
tensorinv.fails("(2, 3, 4)", "the number of elements of (2, 3) is 6, that of (4,) is 4")


# -- vectors -----------------------------------------------------------------------------------------------------------


@op("torch.linalg.vecdot", "torch.vecdot")
def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """(*a, d, *b), (*a, d, *b) -> (*a, *b), broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.vecdot.html
    """
    both = x.made(broadcast_all(x, y), promoted(x, y))
    if both.shape.known and x.rank == y.rank == 1:  # a dot product, whatever `dim` says; it does not broadcast
        need_equal(x.shape[0], y.shape[0], f"the size of {x.shape}", f"that of {y.shape}", Trouble.BROADCAST)
        return both.made(Shape())
    return both.made(reduced_shape(both, (dim,), False))


vecdot.gives("(B, D), (B, D)", "(B,)")
vecdot.fails("(2, 3), (2, 4)", "do not broadcast")


@op("torch.linalg.vander")
def vander(x: Tensor, *, N: Dim | None = None) -> Tensor:
    """(*, n) -> (*, n, N), where N is n unless given.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.vander.html
    """
    if x.shape.known and x.rank == 0:
        x = x.with_shape(1)
    x, _ = found(x, -1)
    width = x.shape[-1] if N is None else N
    return Tensor(x.shape.with_last(width, dropping=0), None, summed(x.dtype), x.device)


vander.gives("(n,)", "(n, n)")
vander.gives("(n,), N=3", "(n, 3)")
