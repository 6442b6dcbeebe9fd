"""torch.masked: reductions, scans and weights over the elements that a mask leaves."""

from __future__ import annotations

from collections.abc import Callable

from shapelint.ops.along import check_dim
from shapelint.ops.dtypes import floating, promoted
from shapelint.ops.families.pointwise import elementwise, need_fits
from shapelint.ops.families.reduce import real, reduced_shape, same, summed
from shapelint.ops.needs import index_of
from shapelint.ops.registry import Op, add
from shapelint.ops.signature import DType, Ints, Values
from shapelint.ops.tensor import Tensor

PAGE = "https://docs.pytorch.org/docs/stable/masked.html"


def _unsure(dtype: str | None) -> str | None:
    return None


REDUCTIONS: dict[str, Callable[[str | None], str | None]] = {
    "sum": summed, "prod": summed, "mean": floating, "amax": same, "amin": same, "argmax": _unsure,
    "argmin": _unsure, "median": same, "logsumexp": floating,
}  # fmt: skip


def _check(input: Tensor, mask: Tensor | None) -> None:
    """The mask must expand to the input."""
    if mask is not None:
        need_fits(mask, input)


def _document(rule: Callable[..., Tensor], name: str, formula: str) -> None:
    rule.__doc__ = f"{formula}\n\n{PAGE}"
    entry = Op(rule, (f"torch.masked.{name}",))
    add(entry)


def _reduction(name: str, dtype_of: Callable[[str | None], str | None]) -> None:
    def rule(
        input: Tensor, dim: Ints | None = None, *, keepdim: bool = False, dtype: DType | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        _check(input, mask)
        if name == "prod" and keepdim and dim and input.shape.known:  # dim by dim: one named twice is still 1
            dim = tuple({index_of(at, input.rank) for at in dim})
        return Tensor(reduced_shape(input, dim, keepdim), None, dtype_of(dtype or input.dtype), input.device)

    _document(rule, name, "(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b), for each d of `dim`.")


def _norm(
    input: Tensor, ord: Values = 2.0, dim: Ints | None = None, *, keepdim: bool = False, dtype: DType | None = None,
    mask: Tensor | None = None,
) -> Tensor:  # fmt: skip
    _check(input, mask)
    return Tensor(reduced_shape(input, dim, keepdim), None, dtype or real(input.dtype), input.device)


def _deviation(
    input: Tensor, dim: Ints | None = None, unbiased: Values = None, *, correction: Values = None,
    keepdim: bool = False, dtype: DType | None = None, mask: Tensor | None = None,
) -> Tensor:  # fmt: skip
    _check(input, mask)
    return Tensor(reduced_shape(input, dim, keepdim), None, dtype or real(input.dtype), input.device)


def _along(name: str, dtype_of: Callable[[str | None], str | None]) -> None:
    def rule(input: Tensor, dim: Values, *, dtype: DType | None = None, mask: Tensor | None = None) -> Tensor:
        _check(input, mask)
        check_dim(input, dim)
        return Tensor(input.shape, None, dtype or dtype_of(input.dtype), input.device)

    _document(rule, name, "(*) -> (*), along `dim`.")


def _normalize(
    input: Tensor, ord: Values, dim: Values, *, eps: Values = 1e-12, dtype: DType | None = None,
    mask: Tensor | None = None,
) -> Tensor:  # fmt: skip
    _check(input, mask)
    check_dim(input, dim)
    return Tensor(input.shape, None, dtype or input.dtype, input.device)


def _logaddexp(
    input: Tensor, other: Tensor, *, dtype: DType | None = None, input_mask: Tensor | None = None,
    other_mask: Tensor | None = None,
) -> Tensor:  # fmt: skip
    _check(input, input_mask)
    _check(other, other_mask)
    return elementwise(input, other, dtype=dtype or promoted(input, other))


for _name, _dtype in REDUCTIONS.items():
    _reduction(_name, _dtype)
for _name in ("cumsum", "cumprod"):
    _along(_name, summed)
for _name in ("softmax", "log_softmax", "softmin"):
    _along(_name, same)
_document(_norm, "norm", "(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b), for each d of `dim`.")
_document(_normalize, "normalize", "(*) -> (*), along `dim`.")
_document(_logaddexp, "logaddexp", "(*a), (*b) -> their broadcast, element by element.")
for _name in ("std", "var"):
    _document(_deviation, _name, "(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b), for each d of `dim`.")
