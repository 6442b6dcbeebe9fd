"""Normalisation over the last dims, or along one: layer and RMS norms, normalize, local response."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.ops.families.activation import unchanged
from shapelint.ops.families.parameter import optional
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import (
    CannotRun,
    Trouble,
    index_of,
    need,
    need_equal,
    need_rank,
    number,
    seeing,
)
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Parameter, Sizes, Values, convert
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"


def _need_ends_with(tensor: Tensor, sizes: Sizes, what: str) -> Tensor:
    """The tensor, whose last dims must be these sizes."""
    need(len(sizes) > 0, "normalized_shape is empty")
    tensor = seeing(tensor, len(sizes))
    if tensor.shape.known and tensor.rank < len(sizes):
        raise CannotRun(
            f"{what} has {tensor.rank} dims {tensor.shape}, normalized_shape {Shape(sizes)} has {len(sizes)}",
            Trouble.LAYER_INPUT,
        )
    for place, (a, b) in enumerate(zip(tensor.shape[-len(sizes) :], sizes, strict=True)):
        at = place - len(sizes)
        where = "the last dim" if at == -1 else f"dim {at}"
        need_equal(a, b, f"{where} of {what}", "normalized_shape there", Trouble.LAYER_INPUT)
    return tensor


def _need_same(tensor: Values, sizes: Sizes, what: str) -> None:
    if isinstance(tensor, Tensor) and tensor.shape.known:
        need(
            tensor.rank == len(sizes),
            f"{what} {tensor.shape} is not of normalized_shape {Shape(sizes)}",
            Trouble.LAYER_INPUT,
        )
        _need_ends_with(tensor, sizes, what)


@op("torch.nn.functional.layer_norm", "torch.layer_norm")
def layer_norm(
    input: Tensor, normalized_shape: Sizes, weight: Values = None, bias: Values = None, eps: Values = 1e-5,
    cudnn_enable: Values = True,
) -> Tensor:  # fmt: skip
    """(*, *normalized_shape) -> (*, *normalized_shape).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html
    """
    _need_same(weight, normalized_shape, "weight")
    _need_same(bias, normalized_shape, "bias")
    input = _need_ends_with(input, normalized_shape, "the input")
    return input.made(input.shape)


layer_norm.gives("(B, L, D), (D,)", "(B, L, D)")
layer_norm.fails("(2, 3, 4), (3,)", "the last dim of the input is 4, normalized_shape there is 3")
layer_norm.fails("(4,), (3, 4)", "the input has 1 dims (4,), normalized_shape (3, 4) has 2")


@op("torch.native_layer_norm")
def native_layer_norm(
    input: Tensor, normalized_shape: Sizes, weight: Values, bias: Values, eps: Values
) -> tuple[Tensor, Tensor, Tensor]:
    """(*, *normalized_shape) -> (*, *normalized_shape), and mean and inverse deviation: (*, 1, ..., 1)."""
    result: Tensor = layer_norm.rule(input, normalized_shape, weight, bias)
    size = result.shape.with_last(*[1 for _ in normalized_shape], dropping=len(normalized_shape))
    return result, input.made(size), input.made(size)


@op("torch.nn.functional.rms_norm", "torch.rms_norm")
def rms_norm(input: Tensor, normalized_shape: Sizes, weight: Values = None, eps: Values = None) -> Tensor:
    """(*, *normalized_shape) -> (*, *normalized_shape).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html
    """
    _need_same(weight, normalized_shape, "weight")
    input = _need_ends_with(input, normalized_shape, "the input")
    return fresh_like(input, input.shape)


rms_norm.gives("(B, L, D), (D,)", "(B, L, D)")
rms_norm.fails("(2, 3), (4,)", "normalized_shape there is 4")


@op("torch.nn.functional.normalize")
def normalize(input: Tensor, p: Values = 2.0, dim: Values = 1, eps: Values = 1e-12) -> Tensor:
    """(*) -> (*), of norm 1 along dim.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
    """
    if input.shape.known:
        for position in dim if isinstance(dim, (tuple, list)) else (dim,):
            at = number(position) if isinstance(position, (int, Dim)) else None
            if at is not None:
                index_of(at, input.rank)
    return unchanged(input)


normalize.gives("(B, D)", "(B, D)")
normalize.gives("(B, L, D), dim=-1", "(B, L, D)")
normalize.fails("(B,)", "dim 1 of a tensor of 1 dims")


@op("torch.nn.functional.local_response_norm")
def local_response_norm(
    input: Tensor, size: Values, alpha: Values = 1e-4, beta: Values = 0.75, k: Values = 1.0
) -> Tensor:
    """(N, C, *) -> (N, C, *), of 3 dims or more.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html
    """
    if input.shape.known:
        need(input.rank >= 3, f"the input has {input.rank} dims {input.shape}, not 3 or more", Trouble.LAYER_INPUT)
    return unchanged(input)


local_response_norm.gives("(B, C, L), 2", "(B, C, L)")
local_response_norm.fails("(B, C), 2", "not 3 or more")


class TrailingNorm:
    """What layer norm and RMS norm keep: the sizes that the input must end with, where they are known."""

    def __init__(self, normalized_shape: Values, eps: Values, elementwise_affine: Values) -> None:
        self.normalized_shape, self.eps, self.elementwise_affine = normalized_shape, eps, elementwise_affine
        try:
            self.sizes: Sizes | None = convert(normalized_shape, Parameter("normalized_shape", "Sizes", False, None))
        except NotKnown:
            self.sizes = None
        self.weight = self._own(elementwise_affine)

    def _own(self, flag: Values) -> Any:
        return Unknown("the sizes of the norm are not known") if self.sizes is None else optional(flag, *self.sizes)

    def ending(self, input: Tensor) -> Tensor:
        """The input, which must end with the sizes."""
        return input if self.sizes is None else _need_ends_with(input, self.sizes, "the input")


@layer("torch.nn.LayerNorm")
class LayerNorm(TrailingNorm):
    """(*, *normalized_shape) -> (*, *normalized_shape).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
    """

    def __init__(
        self, normalized_shape: Values, eps: Values = 1e-5, elementwise_affine: Values = True, bias: Values = True
    ) -> None:
        super().__init__(normalized_shape, eps, elementwise_affine)
        affine = elementwise_affine and bias if isinstance(elementwise_affine, bool) else elementwise_affine
        self.bias = self._own(affine)

    def forward(self, input: Tensor) -> Tensor:
        input = self.ending(input)
        return input.made(input.shape)


@layer("torch.nn.RMSNorm")
class RMSNorm(TrailingNorm):
    """(*, *normalized_shape) -> (*, *normalized_shape).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html
    """

    def __init__(self, normalized_shape: Values, eps: Values = None, elementwise_affine: Values = True) -> None:
        super().__init__(normalized_shape, eps, elementwise_affine)

    def forward(self, x: Tensor) -> Tensor:
        x = self.ending(x)
        return fresh_like(x, x.shape)


entry_of(LayerNorm).gives("D", "(B, L, D)", "(B, L, D)")
entry_of(LayerNorm).gives("(H, W)", "(B, C, H, W)", "(B, C, H, W)")
entry_of(LayerNorm).fails("8", "(2, 8, 4)", "the last dim of the input is 4, normalized_shape there is 8")
entry_of(RMSNorm).gives("D", "(B, L, D)", "(B, L, D)")


@layer("torch.nn.LocalResponseNorm")
class LocalResponseNorm:
    """(N, C, *) -> (N, C, *), of 3 dims or more.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html
    """

    def __init__(self, size: Values, alpha: Values = 1e-4, beta: Values = 0.75, k: Values = 1.0) -> None:
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = local_response_norm.rule(input, self.size)
        return result


@layer("torch.nn.CrossMapLRN2d")
class CrossMapLRN2d(LocalResponseNorm):
    """(N, C, H, W) -> (N, C, H, W)."""

    def forward(self, input: Tensor) -> Tensor:
        if input.shape.known:
            need_rank(input, 4)
        return unchanged(input)


entry_of(LocalResponseNorm).gives("2", "(B, C, H, W)", "(B, C, H, W)")
entry_of(CrossMapLRN2d).gives("3", "(B, C, H, W)", "(B, C, H, W)")
