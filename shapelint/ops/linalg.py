"""Linear algebra on matrices, and on batches of them: norms, determinants, inverses, powers, solutions."""

# ruff: noqa: N803, N806  (parameters are named as in PyTorch)

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint.dims import Dim, minimum, product
from shapelint.ops.along import found
from shapelint.ops.dtypes import promoted
from shapelint.ops.needs import Trouble, current, index_of, is_equal, need, need_equal, number, seeing
from shapelint.ops.pointwise import broadcast_all
from shapelint.ops.reduce import need_elements, real, reduced_shape, summed
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
    return matrices(A, A.shape[-1], A.shape[-2])


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


# -- solutions ---------------------------------------------------------------------------------------------------------


class Solved(NamedTuple):
    """A solution, and for each matrix whether it was found."""

    result: Tensor
    info: Tensor


def is_vector(A: Tensor, B: Tensor) -> bool:
    """Whether the right side is a vector for each matrix: of one dim, or of the very shape of A without its columns.

    Sizes that are not known to be equal are generic: they differ.
    """
    if B.rank == 1:
        return True
    if not A.shape.known or A.rank - 1 != B.rank:
        return False
    return all(is_equal(a, b) for a, b in zip(A.shape.dims[:-1], B.shape.dims, strict=True))


@op("torch.linalg.solve")
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """(*a, n, n), (*b, n, k) -> (*, n, k), a and b broadcast; (*a, n) or (n,) is a vector for each matrix.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.solve.html
    """
    A = square(A)
    if is_vector(A, B):
        need(left, "left=False for a vector on the right side")
        need_equal(B.shape[-1], A.shape[-1], f"the last dim of {B.shape}", f"the size of the matrix {A.shape}")
        shape = broadcast_all(Tensor(batch(A)), Tensor(B.shape.with_last()))
        return Tensor(shape.with_last(A.shape[-1], dropping=0), None, A.dtype, A.device)
    return _solution(A, B, left)


def _solution(A: Tensor, B: Tensor, left: bool) -> Tensor:
    B = matrix(B, "the right side")
    at = -2 if left else -1
    need_equal(
        B.shape[at], A.shape[-1], f"dim {at} of the right side {B.shape}", f"the size of the matrix {A.shape}"
    )
    return Tensor(joint_batch(A, B).with_last(B.shape[-2], B.shape[-1], dropping=0), None, A.dtype, A.device)


solve.gives("(B, n, n), (B, n, k)", "(B, n, k)")
solve.gives("(B, n, n), (n,)", "(B, n)")
solve.fails("(3, 3), (4, 2)", "dim -2 of the right side (4, 2) is 4, the size of the matrix (3, 3) is 3")


@op("torch.linalg.solve_ex")
def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: Values = False) -> Solved:
    """As solve, and for each matrix whether a solution was found: result, info (*).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.solve_ex.html
    """
    result = solve.rule(A, B, left=left)
    return Solved(result, A.made(batch(A), "int32"))


@op("torch.linalg.solve_triangular")
def solve_triangular(
    A: Tensor, B: Tensor, *, upper: Values, left: bool = True, unitriangular: Values = False
) -> Tensor:
    """(*a, n, n), (*b, n, k) -> (*, n, k), a and b broadcast; with left=False (*b, k, n) -> (*, k, n).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.solve_triangular.html
    """
    return _solution(square(A), B, left)


solve_triangular.gives("(B, n, n), (B, n, k), upper=True", "(B, n, k)")


class Triangular(NamedTuple):
    """A solution, and the coefficients."""

    solution: Tensor
    cloned_coefficient: Tensor


@op("torch.triangular_solve", "torch.Tensor.triangular_solve")
def triangular_solve(
    b: Tensor, A: Tensor, upper: Values = True, transpose: Values = False, unitriangular: Values = False
) -> Triangular:
    """(*b, n, k), (*a, n, n) -> solution (*, n, k), coefficients (*, n, n), a and b broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.triangular_solve.html
    """
    A = square(A)
    solution = _solution(A, b, True)
    return Triangular(solution, matrices(solution, A.shape[-2], A.shape[-1]))


@op("torch.cholesky_solve", "torch.Tensor.cholesky_solve")
def cholesky_solve(B: Tensor, L: Tensor, upper: Values = False) -> Tensor:
    """(*b, n, k), (*a, n, n) -> (*, n, k), a and b broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.cholesky_solve.html
    """
    return _solution(square(L), B, True)


cholesky_solve.gives("(B, n, k), (B, n, n)", "(B, n, k)")


class LeastSquares(NamedTuple):
    """What lstsq returns; the residuals are empty unless there are more rows than columns, all of full rank."""

    solution: Tensor
    residuals: Any
    rank: Tensor
    singular_values: Tensor


@op("torch.linalg.lstsq")
def lstsq(A: Tensor, B: Tensor, rcond: Values = None, *, driver: Values = None) -> LeastSquares:
    """(*a, m, n), (*b, m, k) -> solution (*, n, k), residuals, rank (*), singular_values; (*a, m) is a vector for each.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.lstsq.html
    """
    A = matrix(A)
    need(B.rank >= 1, "the right side has no dims")
    vector = is_vector(A, B)
    rows, columns = A.shape[-2], A.shape[-1]
    right = B if not vector else Tensor(B.shape.with_last(B.shape[-1], A.shape[-1]), None, B.dtype)
    if A.shape.known:
        need(B.rank in (A.rank, A.rank - 1), f"{B.rank} dims of the right side {B.shape} for the matrix {A.shape}")
    need_equal(right.shape[-2], rows, f"the rows of the right side {B.shape}", f"those of the matrix {A.shape}")
    both = joint_batch(A, right)
    solution = both.with_last(*((columns,) if vector else (columns, right.shape[-1])), dropping=0)
    values = batch(A).with_last(minimum(rows, columns), dropping=0) if driver in ("gelsd", "gelss") else Shape.of(0)
    return LeastSquares(
        Tensor(solution, None, A.dtype, A.device),
        _residuals(A, both.with_last(right.shape[-1], dropping=0), driver),
        A.made(Shape.of(0) if driver == "gels" else batch(A), "int64"),
        A.made(values, real(A.dtype)),
    )


lstsq.fails("(3, 2), (4, 5)", "the rows of the right side (4, 5) is 4, those of the matrix (3, 2) is 3")


def _residuals(A: Tensor, shape: Shape, driver: Values) -> Tensor | Unknown:
    _, surplus = current().facts.bounds(A.shape[-2] - A.shape[-1])
    if driver == "gelsy" or (surplus is not None and surplus <= 0):
        return A.with_shape(0)
    least, _ = current().facts.bounds(A.shape[-2] - A.shape[-1])
    if driver == "gels" and least is not None and least > 0:
        return Tensor(shape, None, A.dtype, A.device)
    return Unknown("whether there are residuals depends on the matrix")


@op("torch.linalg.tensorsolve")
def tensorsolve(A: Tensor, B: Tensor, dims: Ints | None = None) -> Tensor:
    """(*b, *x), (*b) -> (*x), which must have as many elements as b; `dims` of A go to its end first.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.tensorsolve.html
    """
    sizes = list(A.shape)
    if dims is not None:
        moved = [index_of(at, A.rank) for at in dims]
        sizes = [size for i, size in enumerate(sizes) if i not in moved] + [sizes[i] for i in moved]
    unknowns = tuple(sizes[B.rank :])
    for part in (unknowns, tuple(sizes[: B.rank])):
        need_equal(
            product(part), product(B.shape.dims), f"the number of elements of {Shape(part)}",
            f"that of the right side {B.shape}", Trouble.COUNT,
        )  # fmt: skip
    return Tensor(Shape(unknowns), None, promoted(A, B), A.device)


tensorsolve.gives("(2, 3, 6), (2, 3)", "(6,)")


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
