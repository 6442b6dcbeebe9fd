"""Factors of matrices, and of batches of them, with pivots: LU and LDL."""

from __future__ import annotations

from typing import NamedTuple

from shapelint.ops.families.decompose import columns, least, rows
from shapelint.ops.families.linalg import batch, joint_batch, matrices, matrix, square
from shapelint.ops.needs import need, need_equal
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor


class PLU(NamedTuple):
    """Permutation, lower and upper factor."""

    P: Tensor
    L: Tensor
    U: Tensor


class Factored(NamedTuple):
    """Both factors in one matrix, and the pivots."""

    LU: Tensor
    pivots: Tensor


class FactoredWithInfo(NamedTuple):
    """Both factors in one matrix, the pivots, and for each matrix whether they were found."""

    LU: Tensor
    pivots: Tensor
    info: Tensor


class FactoredLDL(NamedTuple):
    """Both factors in one matrix, and the pivots."""

    LD: Tensor
    pivots: Tensor


class FactoredLDLWithInfo(NamedTuple):
    """Both factors in one matrix, the pivots, and for each matrix whether they were found."""

    LD: Tensor
    pivots: Tensor
    info: Tensor


@op("torch.linalg.lu")
def linalg_lu(A: Tensor, *, pivot: bool = True) -> PLU:
    """(*, m, n) -> P (*, m, m), L (*, m, k), U (*, k, n), k = min(m, n); P is empty without pivots.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.lu.html
    """
    A = matrix(A)
    k = least(A)
    permutation = matrices(A, rows(A), rows(A)) if pivot else A.with_shape(0)
    return PLU(permutation, matrices(A, rows(A), k), matrices(A, k, columns(A)))


linalg_lu.gives("(B, 5, 3)", "(B, 5, 5), (B, 5, 3), (B, 3, 3)")


@op("torch.linalg.lu_factor")
def lu_factor(A: Tensor, *, pivot: Values = True) -> Factored:
    """(*, m, n) -> LU (*, m, n), pivots (*, min(m, n)).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.lu_factor.html
    """
    A = matrix(A)
    return Factored(matrices(A, rows(A), columns(A)), matrices(A, least(A), dtype="int32"))


lu_factor.gives("(B, n, n)", "(B, n, n), (B, n)")


@op("torch.linalg.lu_factor_ex")
def lu_factor_ex(A: Tensor, *, pivot: Values = True, check_errors: Values = False) -> FactoredWithInfo:
    """(*, m, n) -> LU (*, m, n), pivots (*, min(m, n)), info (*).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.lu_factor_ex.html
    """
    both = lu_factor.rule(A)
    return FactoredWithInfo(both.LU, both.pivots, matrices(matrix(A), dtype="int32"))


@op("torch.lu", "torch.Tensor.lu")
def lu(A: Tensor, pivot: Values = True, get_infos: bool = False) -> tuple[Tensor, ...]:
    """(*, m, n) -> LU (*, m, n), pivots (*, min(m, n)), and info (*) if asked for.

    https://docs.pytorch.org/docs/stable/generated/torch.lu.html
    """
    result: tuple[Tensor, ...] = lu_factor_ex.rule(A)
    return result if get_infos else result[:2]


@op("torch.lu_unpack")
def lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True) -> PLU:
    """(*, m, n), (*, k) -> P (*, m, m), L (*, m, k), U (*, k, n), k = min(m, n); what is not unpacked is empty.

    https://docs.pytorch.org/docs/stable/generated/torch.lu_unpack.html
    """
    full = linalg_lu.rule(LU_data)
    empty = LU_data.with_shape(0)
    if unpack_pivots:
        wanted = least(matrix(LU_data))
        need(LU_pivots.rank >= 1, "the pivots have no dims")
        need_equal(LU_pivots.shape[-1], wanted, f"the last dim of the pivots {LU_pivots.shape}", "min(m, n)")
    return PLU(full.P if unpack_pivots else empty, *((full.L, full.U) if unpack_data else (empty, empty)))


def _solved(LU: Tensor, pivots: Tensor, B: Tensor, left: bool) -> Tensor:
    LU, B = square(LU), matrix(B, "the right side")
    at = -2 if left else -1
    need_equal(B.shape[at], rows(LU), f"dim {at} of the right side {B.shape}", f"the size of the matrix {LU.shape}")
    need(pivots.rank >= 1, "the pivots have no dims")
    need_equal(pivots.shape[-1], rows(LU), f"the last dim of the pivots {pivots.shape}", f"the rows of {LU.shape}")
    for a, b in zip(batch(LU), pivots.shape[:-1], strict=False):
        need_equal(a, b, f"a size of the matrix {LU.shape}", f"that of the pivots {pivots.shape}")
    need(pivots.rank == LU.rank - 1, f"the pivots {pivots.shape} have not one dim less than the matrix {LU.shape}")
    return Tensor(joint_batch(LU, B).with_last(*B.shape[-2:], dropping=0), None, B.dtype, B.device)


@op("torch.linalg.lu_solve")
def linalg_lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: Values = False) -> Tensor:
    """(*a, n, n), (*a, n), (*b, n, k) -> (*, n, k), a and b broadcast; with left=False (*b, k, n) -> (*, k, n).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.lu_solve.html
    """
    return _solved(LU, pivots, B, left)


linalg_lu_solve.gives("(B, n, n), int32 (B, n), (B, n, k)", "(B, n, k)")


@op("torch.lu_solve", "torch.Tensor.lu_solve")
def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """(*b, n, k), (*a, n, n), (*a, n) -> (*, n, k), a and b broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.lu_solve.html
    """
    return _solved(LU_data, LU_pivots, b, True)


@op("torch.linalg.ldl_factor")
def ldl_factor(A: Tensor, *, hermitian: Values = False) -> FactoredLDL:
    """(*, n, n) -> LD (*, n, n), pivots (*, n).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.ldl_factor.html
    """
    A = square(A)
    return FactoredLDL(matrices(A, rows(A), columns(A)), matrices(A, rows(A), dtype="int32"))


ldl_factor.gives("(B, n, n)", "(B, n, n), (B, n)")


@op("torch.linalg.ldl_factor_ex")
def ldl_factor_ex(A: Tensor, *, hermitian: Values = False, check_errors: Values = False) -> FactoredLDLWithInfo:
    """(*, n, n) -> LD (*, n, n), pivots (*, n), info (*).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.ldl_factor_ex.html
    """
    both = ldl_factor.rule(A)
    return FactoredLDLWithInfo(both.LD, both.pivots, matrices(A, dtype="int32"))


@op("torch.linalg.ldl_solve")
def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: Values = False) -> Tensor:
    """(*a, n, n), (*a, n), (*b, n, k) -> (*, n, k), a and b broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.ldl_solve.html
    """
    return _solved(LD, pivots, B, True)
