"""Decompositions of matrices, and of batches of them: Cholesky, QR, eigenvalues, singular values."""

from __future__ import annotations

from typing import NamedTuple

from shapelint.dims import Dim, const, minimum
from shapelint.ops.families.linalg import batch, matrices, matrix, square
from shapelint.ops.families.reduce import real
from shapelint.ops.needs import need, need_at_least, need_equal, number
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import ONE, Tensor


def rows(A: Tensor) -> Dim:
    """The number of rows of each matrix."""
    return A.shape[-2]


def columns(A: Tensor) -> Dim:
    """The number of columns of each matrix."""
    return A.shape[-1]


def least(A: Tensor) -> Dim:
    """The smaller of both numbers: the greatest rank."""
    return minimum(A.shape[-2], A.shape[-1])


def complex_of(dtype: str | None) -> str | None:
    """The complex dtype whose parts are of this dtype."""
    pairs = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}
    return pairs.get(dtype or "", dtype if dtype and dtype.startswith("complex") else None)


# -- Cholesky ----------------------------------------------------------------------------------------------------------


class Cholesky(NamedTuple):
    """The factors, and for each matrix whether they were found."""

    L: Tensor
    info: Tensor


@op("torch.linalg.cholesky", "torch.cholesky_inverse", "torch.Tensor.cholesky_inverse")
def cholesky(input: Tensor, upper: Values = False) -> Tensor:
    """(*, n, n) -> (*, n, n). https://docs.pytorch.org/docs/stable/generated/torch.linalg.cholesky.html"""
    input = square(input)
    return matrices(input, rows(input), columns(input))


cholesky.gives("(B, n, n)", "(B, n, n)")
cholesky.fails("(2, 3)", "the matrix (2, 3) is not square")


@op("torch.cholesky", "torch.Tensor.cholesky")
def old_cholesky(input: Tensor, upper: Values = False) -> Tensor:
    """(*, n, n) -> (*, n, n). https://docs.pytorch.org/docs/stable/generated/torch.cholesky.html"""
    if any(number(size) == 0 for size in input.shape.seen()):  # which it gives back without a look at the sizes
        return input.made(input.shape)
    result: Tensor = cholesky.rule(input)
    return result


@op("torch.linalg.cholesky_ex")
def cholesky_ex(input: Tensor, *, upper: Values = False, check_errors: Values = False) -> Cholesky:
    """(*, n, n) -> L (*, n, n), info (*).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.cholesky_ex.html
    """
    return Cholesky(cholesky.rule(input), matrices(input, dtype="int32"))


# -- singular values ---------------------------------------------------------------------------------------------------


class SVD(NamedTuple):
    """Singular vectors on the left, singular values, singular vectors on the right as rows."""

    U: Tensor
    S: Tensor
    Vh: Tensor


class OldSVD(NamedTuple):
    """Singular vectors on the left, singular values, singular vectors on the right as columns."""

    U: Tensor
    S: Tensor
    V: Tensor


@op("torch.linalg.svd")
def linalg_svd(A: Tensor, full_matrices: bool = True, *, driver: Values = None) -> SVD:
    """(*, m, n) -> U (*, m, m), S (*, k), Vh (*, n, n), k = min(m, n); not full: U (*, m, k), Vh (*, k, n).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.svd.html
    """
    A = matrix(A)
    k = least(A)
    left, right = (rows(A), columns(A)) if full_matrices else (k, k)
    return SVD(matrices(A, rows(A), left), matrices(A, k, dtype=real(A.dtype)), matrices(A, right, columns(A)))


linalg_svd.gives("(B, 5, 3)", "(B, 5, 5), (B, 3), (B, 3, 3)")
linalg_svd.gives("(B, 5, 3), full_matrices=False", "(B, 5, 3), (B, 3), (B, 3, 3)")
linalg_svd.fails("(3,)", "the matrix has 1 dims (3,), not 2 or more")


@op("torch.svd", "torch.Tensor.svd")
def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> OldSVD:
    """(*, m, n) -> U (*, m, k), S (*, k), V (*, n, k), k = min(m, n); some=False: U (*, m, m), V (*, n, n).

    https://docs.pytorch.org/docs/stable/generated/torch.svd.html
    """
    A = matrix(input)
    k = least(A)
    left, right = (k, k) if some and compute_uv else (rows(A), columns(A))
    return OldSVD(matrices(A, rows(A), left), matrices(A, k, dtype=real(A.dtype)), matrices(A, columns(A), right))


svd.gives("(5, 3)", "(5, 3), (3,), (3, 3)")


@op("torch.linalg.svdvals")
def svdvals(A: Tensor, *, driver: Values = None) -> Tensor:
    """(*, m, n) -> (*, min(m, n)). https://docs.pytorch.org/docs/stable/generated/torch.linalg.svdvals.html"""
    A = matrix(A)
    return matrices(A, least(A), dtype=real(A.dtype))


svdvals.gives("(B, n, n)", "(B, n)")


def _low_rank(A: Tensor, q: Dim) -> OldSVD:
    A = matrix(A)
    most = least(A)
    need_at_least(q, 0, f"q is {q}")
    need_at_least(most, q, f"q is {q}, the matrix {A.shape} has no rank over {most}")
    return OldSVD(matrices(A, rows(A), q), matrices(A, q), matrices(A, columns(A), q))


@op("torch.svd_lowrank")
def svd_lowrank(A: Tensor, q: Dim = const(6), niter: Values = 2, M: Tensor | None = None) -> OldSVD:
    """(*, m, n), q -> U (*, m, q), S (*, q), V (*, n, q).

    https://docs.pytorch.org/docs/stable/generated/torch.svd_lowrank.html
    """
    return _low_rank(A, q)


@op("torch.pca_lowrank")
def pca_lowrank(A: Tensor, q: Dim | None = None, center: Values = True, niter: Values = 2) -> OldSVD:
    """(*, m, n), q -> U (*, m, q), S (*, q), V (*, n, q), where q is min(6, m, n) unless given.

    https://docs.pytorch.org/docs/stable/generated/torch.pca_lowrank.html
    """
    return _low_rank(A, minimum(6, *matrix(A).shape[-2:]) if q is None else q)


pca_lowrank.gives("(m, n), 3", "(m, 3), (3,), (n, 3)")


# -- QR ----------------------------------------------------------------------------------------------------------------


class QR(NamedTuple):
    """Orthogonal and triangular factors."""

    Q: Tensor
    R: Tensor


class Reflectors(NamedTuple):
    """The triangular factor with the reflectors below it, and their coefficients."""

    a: Tensor
    tau: Tensor


@op("torch.linalg.qr")
def linalg_qr(A: Tensor, mode: str = "reduced") -> QR:
    """(*, m, n) -> Q (*, m, k), R (*, k, n), k = min(m, n); 'complete': k = m; 'r': Q is empty.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.qr.html
    """
    A = matrix(A)
    need(mode in ("reduced", "complete", "r"), f"mode is {mode!r}, not 'reduced', 'complete' or 'r'")
    k = rows(A) if mode == "complete" else least(A)
    first = A.with_shape(0) if mode == "r" else matrices(A, rows(A), k)
    return QR(first, matrices(A, k, columns(A)))


linalg_qr.gives("(B, 5, 3)", "(B, 5, 3), (B, 3, 3)")
linalg_qr.gives("(B, 5, 3), 'complete'", "(B, 5, 5), (B, 5, 3)")


@op("torch.qr", "torch.Tensor.qr")
def qr(input: Tensor, some: bool = True) -> QR:
    """(*, m, n) -> Q (*, m, k), R (*, k, n), k = min(m, n); some=False: k = m.

    https://docs.pytorch.org/docs/stable/generated/torch.qr.html
    """
    result: QR = linalg_qr.rule(input, "reduced" if some else "complete")
    return result


@op("torch.geqrf", "torch.Tensor.geqrf")
def geqrf(input: Tensor) -> Reflectors:
    """(*, m, n) -> a (*, m, n), tau (*, min(m, n)). https://docs.pytorch.org/docs/stable/generated/torch.geqrf.html"""
    input = matrix(input)
    return Reflectors(matrices(input, rows(input), columns(input)), matrices(input, least(input)))


@op("torch.linalg.householder_product", "torch.orgqr", "torch.Tensor.orgqr")
def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """(*, m, n), (*, k) -> (*, m, n), for m >= n >= k.

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.householder_product.html
    """
    A = matrix(A)
    need(A.rank == tau.rank + 1, f"tau {tau.shape} has not one dim less than the matrix {A.shape}")
    need_at_least(rows(A), columns(A), f"the matrix {A.shape} has less rows than columns")
    need_at_least(columns(A), tau.shape[-1], f"tau {tau.shape} is longer than the matrix {A.shape} is wide")
    for a, b in zip(batch(A), tau.shape[:-1], strict=True):
        need_equal(a, b, f"a size of the matrix {A.shape}", f"that of tau {tau.shape}")
    return matrices(A, rows(A), columns(A))


householder_product.gives("(5, 3), (3,)", "(5, 3)")
householder_product.fails("(3, 5), (3,)", "the matrix (3, 5) has less rows than columns")


@op("torch.ormqr", "torch.Tensor.ormqr")
def ormqr(input: Tensor, tau: Tensor, other: Tensor, left: bool = True, transpose: Values = False) -> Tensor:
    """(*, m, k), (*, k), (*, m, n) -> (*, m, n): the orthogonal factor times another matrix.

    https://docs.pytorch.org/docs/stable/generated/torch.ormqr.html
    """
    input, other = matrix(input), matrix(other, "the other matrix")
    at = -2 if left else -1
    need(input.rank == other.rank, f"the matrices {input.shape} and {other.shape} have unlike numbers of dims")
    need(input.rank == tau.rank + 1, f"tau {tau.shape} has not one dim less than the matrix {input.shape}")
    need_at_least(other.shape[at], tau.shape[-1], f"tau {tau.shape} is longer than dim {at} of {other.shape}")
    need_at_least(input.shape[-1], tau.shape[-1], f"tau {tau.shape} is longer than {input.shape} is wide")
    need_equal(other.shape[at], rows(input), f"dim {at} of {other.shape}", f"the rows of {input.shape}")
    for a, b, c in zip(batch(input), tau.shape[:-1], batch(other), strict=True):
        need_equal(a, b, f"a size of the matrix {input.shape}", f"that of tau {tau.shape}")
        need_equal(a, c, f"a size of the matrix {input.shape}", f"that of {other.shape}")
    return matrices(other, rows(other), columns(other))


# -- eigenvalues -------------------------------------------------------------------------------------------------------


class Eigen(NamedTuple):
    """Eigenvalues and eigenvectors."""

    eigenvalues: Tensor
    eigenvectors: Tensor


@op("torch.linalg.eig")
def eig(A: Tensor) -> Eigen:
    """(*, n, n) -> eigenvalues (*, n), eigenvectors (*, n, n).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.eig.html
    """
    A, dtype = square(A), complex_of(A.dtype)
    return Eigen(matrices(A, rows(A), dtype=dtype), matrices(A, rows(A), columns(A), dtype=dtype))


eig.gives("(B, n, n)", "(B, n), (B, n, n)")


@op("torch.linalg.eigh")
def eigh(A: Tensor, UPLO: Values = "L") -> Eigen:
    """(*, n, n) -> eigenvalues (*, n), eigenvectors (*, n, n).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.eigh.html
    """
    A = square(A)
    return Eigen(matrices(A, rows(A), dtype=real(A.dtype)), matrices(A, rows(A), columns(A)))


eigh.gives("(B, n, n)", "(B, n), (B, n, n)")
eigh.fails("(2, 3)", "the matrix (2, 3) is not square")


@op("torch.linalg.eigvals")
def eigvals(A: Tensor) -> Tensor:
    """(*, n, n) -> (*, n). https://docs.pytorch.org/docs/stable/generated/torch.linalg.eigvals.html"""
    return eig.rule(A).eigenvalues  # type: ignore[no-any-return]


@op("torch.linalg.eigvalsh")
def eigvalsh(A: Tensor, UPLO: Values = "L") -> Tensor:
    """(*, n, n) -> (*, n). https://docs.pytorch.org/docs/stable/generated/torch.linalg.eigvalsh.html"""
    return eigh.rule(A).eigenvalues  # type: ignore[no-any-return]


eigvalsh.gives("(B, n, n)", "(B, n)")


@op("torch.lobpcg")
def lobpcg(
    A: Tensor, k: Dim | None = None, B: Tensor | None = None, X: Tensor | None = None, n: Values = None,
    iK: Tensor | None = None, niter: Values = None, tol: Values = None, largest: Values = None,
    method: Values = None, tracker: Values = None, ortho_iparams: Values = None, ortho_fparams: Values = None,
    ortho_bparams: Values = None,
) -> Eigen:  # fmt: skip
    """(*, n, n), k -> eigenvalues (*, k), eigenvectors (*, n, k), where k is 1 or the columns of X unless given.

    https://docs.pytorch.org/docs/stable/generated/torch.lobpcg.html
    """
    A = square(A)
    count = k if k is not None else ONE if X is None else X.shape[-1]
    return Eigen(matrices(A, count), matrices(A, rows(A), count))
