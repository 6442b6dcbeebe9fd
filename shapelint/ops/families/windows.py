"""Windows of signals: torch.hann_window and its kin, torch.signal.windows."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.dims import Dim
from shapelint.ops.needs import need_at_least
from shapelint.ops.registry import Op, add
from shapelint.ops.signature import DType, Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape


def _window(length: Dim, dtype: str | None) -> Tensor:
    need_at_least(length, 0, f"a window of length {length}")
    return Tensor(Shape((length,)), "contiguous", dtype or "float32")


def _documented(rule: object, page: str, names: Sequence[str]) -> None:
    assert callable(rule)
    rule.__doc__ = f"n -> (n,).\n\nhttps://docs.pytorch.org/docs/stable/generated/{page}.html"
    entry = Op(rule, tuple(names))
    entry.gives("n", "(n,)")
    entry.fails("-1", "a window of length -1")
    add(entry)


def _old(name: str) -> None:
    def rule(
        window_length: Dim, periodic: Values = True, alpha: Values = None, beta: Values = None, *,
        dtype: DType | None = None, device: Values = None,
    ) -> Tensor:  # fmt: skip
        return _window(window_length, dtype)

    _documented(rule, f"torch.{name}_window", (f"torch.{name}_window",))


def _new(name: str) -> None:
    def rule(M: Dim, *, dtype: DType | None = None, device: Values = None, **shape_of_window: Values) -> Tensor:
        return _window(M, dtype)

    _documented(rule, f"torch.signal.windows.{name}", (f"torch.signal.windows.{name}",))


for _name in ("bartlett", "blackman", "hamming", "hann", "kaiser"):
    _old(_name)
for _name in (
    "bartlett", "blackman", "cosine", "exponential", "gaussian", "general_hamming", "hamming", "hann", "kaiser",
    "nuttall",
):  # fmt: skip
    _new(_name)


def _general_cosine(
    M: Dim,
    *,
    a: Values,
    sym: Values = True,
    dtype: DType | None = None,
    device: Values = None,
) -> Tensor:
    """n -> (n,). https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.general_cosine.html"""
    return _window(M, dtype)


add(Op(_general_cosine, ("torch.signal.windows.general_cosine",)))
