"""Solutions of linear equations: solve, solve_triangular, lstsq and their kin."""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint.dims import Dim, minimum, product
from shapelint.ops.dtypes import promoted
from shapelint.ops.families.linalg import batch, joint_batch, matrices, matrix, square
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.families.reduce import real
from shapelint.ops.needs import Trouble, current, index_of, is_equal, may_be_equal, need, need_equal
from shapelint.ops.registry import op
from shapelint.ops.signature import Ints, Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import RankNotKnown, Shape


class Solved(NamedTuple):
    """A solution, and for each matrix whether it was found."""

    result: Tensor
    info: Tensor


def is_vector(A: Tensor, B: Tensor) -> bool:
    """Whether the right side is a vector for each matrix: of one dim, or of the very shape of A without its columns.

    Sizes with names that are not known to be equal are generic: they differ. Nothing is told by those without one.
    """
    if B.rank == 1:
        return True
    if not A.shape.known or not B.shape.known:
        return _seems_vector(A.shape.back, B.shape.back)
    if A.rank - 1 != B.rank:
        return False
    pairs = [*zip(A.shape.dims[:-1], B.shape.dims, strict=True)]
    is_told = any(is_equal(a, b) for a, b in pairs)
    return is_told and not any(_differ(a, b) for a, b in pairs)


def _seems_vector(A: tuple[Dim, ...], B: tuple[Dim, ...]) -> bool:
    """The same by the last dims alone, before which there may be others. Raises RankNotKnown where they do not tell."""
    if A and len(B) > 1 and is_equal(A[-1], B[-2]):
        return False
    if B and len(A) == len(B) + 1 and all(map(is_equal, A[:-1], B)):
        return True
    if A and B and is_equal(A[-1], B[-1]):
        raise RankNotKnown("the number of dims is not known")
    return False


def _differ(a: Dim, b: Dim) -> bool:
    """Whether two sizes are not one: two names are generic, what has none may be any size."""
    nameless = any(symbol.name == "_" or not symbol.free for symbol in a.symbols | b.symbols)
    return not (may_be_equal(a, b) if nameless else is_equal(a, b))


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
    need_equal(B.shape[at], A.shape[-1], f"dim {at} of the right side {B.shape}", f"the size of the matrix {A.shape}")
    return Tensor(joint_batch(A, B).with_last(B.shape[-2], B.shape[-1], dropping=0), None, A.dtype, A.device)


solve.gives("(B, n, n), (B, n, k)", "(B, n, k)")
solve.gives("(B, n, n), (n,)", "(B, n)")
solve.gives("(B, n, n), (B, n)", "(B, n)")
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
    surplus = current().facts.upper(A.shape[-2] - A.shape[-1])
    if driver == "gelsy" or (surplus is not None and surplus <= 0):
        return A.with_shape(0)
    least = current().facts.lower(A.shape[-2] - A.shape[-1])
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
