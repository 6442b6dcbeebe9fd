"""Running sums, products and extremes along a dim: cumsum, cumprod, cummax, cummin, logcumsumexp."""

from __future__ import annotations

from collections.abc import Callable

from shapelint.ops.along import check_dim
from shapelint.ops.dtypes import floating
from shapelint.ops.families.reduce import PAGE, Extreme, summed
from shapelint.ops.registry import Op, add
from shapelint.ops.signature import DType, Values
from shapelint.ops.tensor import Tensor

SCANS: dict[str, Callable[[str | None], str | None]] = {
    "cumsum": summed, "cumprod": summed, "logcumsumexp": floating,
}  # fmt: skip


def _scan(name: str, dtype_of: Callable[[str | None], str | None]) -> None:
    def rule(input: Tensor, dim: Values, *, dtype: DType | None = None) -> Tensor:
        check_dim(input, dim)
        return input.made(input.shape, dtype or dtype_of(input.dtype))

    rule.__doc__ = f"(*) -> (*), along `dim`.\n\n{PAGE}{name}.html"
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}"))
    entry.gives("(B, L, D), 1", "(B, L, D)")
    entry.fails("(B, L), 2", "dim 2 of a tensor of 2 dims")
    add(entry)


def _running(name: str) -> None:
    def rule(input: Tensor, dim: Values) -> Extreme:
        check_dim(input, dim)
        return Extreme(input.made(input.shape), input.made(input.shape, "int64"))

    rule.__doc__ = f"(*) -> values (*), indices (*), along `dim`.\n\n{PAGE}{name}.html"
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}"))
    entry.gives("(B, L), 1", "(B, L), (B, L)")
    entry.fails("(B, L), 2", "dim 2 of a tensor of 2 dims")
    add(entry)


for _name, _dtype in SCANS.items():
    _scan(_name, _dtype)
for _name in ("cummax", "cummin"):
    _running(_name)
