"""Weights along a dim that sum up to 1: softmax, log_softmax, softmin."""

from __future__ import annotations

from collections.abc import Callable

from shapelint.ops.along import check_dim
from shapelint.ops.registry import Op, add
from shapelint.ops.signature import DType, Values
from shapelint.ops.tensor import Tensor


def _weights(input: Tensor, dim: Values, dtype: str | None) -> Tensor:
    check_dim(input, dim)
    return input.made(input.shape, dtype or input.dtype)


def _softmax(input: Tensor, dim: Values, dtype: DType | None = None) -> Tensor:
    return _weights(input, dim, dtype)


def _softmax_of_nn(input: Tensor, dim: Values = None, _stacklevel: Values = 3, dtype: DType | None = None) -> Tensor:
    return _weights(input, dim, dtype)


def _register(rule: Callable[..., Tensor], page: str, *names: str) -> None:
    def documented(*args: object) -> Tensor:
        return rule(*args)

    documented.__wrapped__ = rule  # type: ignore[attr-defined]  # the signature is read from there
    documented.__doc__ = f"(*) -> (*), along `dim`.\n\nhttps://docs.pytorch.org/docs/stable/generated/{page}.html"
    entry = Op(documented, names)
    entry.gives("(B, h, L, S), -1", "(B, h, L, S)")
    entry.fails("(B, C), 2", "dim 2 of a tensor of 2 dims")
    add(entry)


for _name in ("softmax", "log_softmax"):
    _register(
        _softmax, f"torch.nn.functional.{_name}", f"torch.{_name}", f"torch.Tensor.{_name}", f"torch.special.{_name}",
        *(("torch._safe_softmax",) if _name == "softmax" else ()),
    )  # fmt: skip
for _name in ("softmax", "log_softmax", "softmin"):
    _register(_softmax_of_nn, f"torch.nn.functional.{_name}", f"torch.nn.functional.{_name}")
