"""Other samplings of the same picture: interpolate, upsample, grid_sample, affine_grid."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import (
    CannotRun,
    Trouble,
    current,
    need,
    need_at_least,
    need_equal,
    need_rank,
)
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import NumberType, Sizes, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.ops.window import need_positive, scaled
from shapelint.shapes import NotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"

MODES = {
    # mode: the ranks it takes
    "nearest": (3, 4, 5), "nearest-exact": (3, 4, 5), "area": (3, 4, 5), "linear": (3,), "bilinear": (4,),
    "bicubic": (4,), "lanczos": (4,), "trilinear": (5,),
}  # fmt: skip


def resized(input: Tensor, size: Values, scale_factor: Values, mode: Values) -> Tensor:
    """(N, C, *in) -> (N, C, *size), or in * scale_factor rounded down."""
    if not isinstance(mode, str):
        ranks: tuple[int, ...] = (3, 4, 5)
    else:
        need(mode in MODES, f"mode is {mode!r}, not one of {', '.join(MODES)}")
        ranks = MODES[mode]
    rank = need_rank(input, *ranks, what=f"the input of interpolate in mode {mode!r}")
    axes = rank - 2
    need(size is None or scale_factor is None, "size and scale_factor are given together")
    need(size is not None or scale_factor is not None, "neither size nor scale_factor")
    wanted = size if size is not None else scale_factor
    if isinstance(wanted, (tuple, list)):
        what = "size" if size is not None else "scale_factor"
        need(len(wanted) == axes, f"{what} has {len(wanted)} numbers for the {axes} axes of {input.shape}")
        each = tuple(wanted)
    else:
        each = (wanted,) * axes
    sizes = input.shape[-axes:]
    if size is not None:
        out = [_given(one) for one in each]
    else:
        out = [_scaled(one, factor) for one, factor in zip(sizes, each, strict=True)]
    for one in sizes if mode == "area" else (*out, *sizes):
        need_at_least(one, 1, f"interpolate of {input.shape} to {Shape(tuple(out))}", Trouble.LAYER_INPUT)
    need_at_least(input.shape[1], 1, f"interpolate of {input.shape}", Trouble.LAYER_INPUT)
    return fresh_like(input, input.shape.with_last(*out, dropping=axes))


def _scaled(size: Dim, factor: object) -> Dim:
    """A size scaled by a factor; one that nobody knows where that is a number that is not known."""
    if isinstance(factor, (Unknown, NumberType)):
        return current().scaled(size, factor)
    return scaled(size, factor, "scale_factor")


def _given(size: Any) -> Dim:
    if isinstance(size, Dim):
        return size
    if isinstance(size, int):
        return ONE * size
    if isinstance(size, Unknown):
        found = current().as_size(size)
        if found is not None:
            return found
    if isinstance(size, (Tensor, Unknown)):
        return current().fresh("size")
    raise NotKnown("the size is not known")


@op("torch.nn.functional.interpolate")
def interpolate(
    input: Tensor, size: Values = None, scale_factor: Values = None, mode: Values = "nearest",
    align_corners: Values = None, recompute_scale_factor: Values = None, antialias: Values = False,
) -> Tensor:  # fmt: skip
    """(N, C, *in) -> (N, C, *size), or in * scale_factor rounded down.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
    """
    if mode in ("nearest", "nearest-exact", "area") and isinstance(align_corners, bool):
        raise CannotRun(f"align_corners with mode {mode!r}")
    return resized(input, size, scale_factor, mode)


interpolate.gives("(B, C, H, W), scale_factor=2", "(B, C, 2*H, 2*W)")
interpolate.gives("(B, C, H, W), scale_factor=0.5, mode='bilinear'", "(B, C, H//2, W//2)")
interpolate.gives("(B, C, L), size=n", "(B, C, n)")
interpolate.fails("(2, 3, 4), scale_factor=2, mode='bilinear'", "has 3 dims (2, 3, 4), not 4")
interpolate.fails("(2, 3, 4, 5), size=(8,)", "size has 1 numbers for the 2 axes")


@op("torch.nn.functional.upsample")
def upsample(
    input: Tensor, size: Values = None, scale_factor: Values = None, mode: Values = "nearest",
    align_corners: Values = None,
) -> Tensor:  # fmt: skip
    """(N, C, *in) -> (N, C, *size), or in * scale_factor rounded down.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.upsample.html
    """
    return resized(input, size, scale_factor, mode)


@op("torch.nn.functional.upsample_nearest")
def upsample_nearest(input: Tensor, size: Values = None, scale_factor: Values = None) -> Tensor:
    """(N, C, *in) -> (N, C, *size), or in * scale_factor rounded down."""
    return resized(input, size, scale_factor, "nearest")


@op("torch.nn.functional.upsample_bilinear")
def upsample_bilinear(input: Tensor, size: Values = None, scale_factor: Values = None) -> Tensor:
    """(N, C, H, W) -> (N, C, *size), or H * scale_factor rounded down."""
    return resized(input, size, scale_factor, "bilinear")


@layer("torch.nn.Upsample")
class Upsample:
    """(N, C, *in) -> (N, C, *size), or in * scale_factor rounded down.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html
    """

    def __init__(
        self, size: Values = None, scale_factor: Values = None, mode: Values = "nearest",
        align_corners: Values = None, recompute_scale_factor: Values = None,
    ) -> None:  # fmt: skip
        self.size, self.scale_factor, self.mode, self.align_corners = size, scale_factor, mode, align_corners

    def forward(self, input: Tensor) -> Tensor:
        return resized(input, self.size, self.scale_factor, self.mode)


class UpsampleOfMode(Upsample):
    """(N, C, H, W) -> (N, C, *size), or H * scale_factor rounded down."""

    of_mode: str

    def __init__(self, size: Values = None, scale_factor: Values = None) -> None:
        super().__init__(size, scale_factor, self.of_mode)


@layer("torch.nn.UpsamplingNearest2d")
class UpsamplingNearest2d(UpsampleOfMode):
    """(N, C, H, W) -> (N, C, *size), or H * scale_factor rounded down."""

    of_mode = "nearest"


@layer("torch.nn.UpsamplingBilinear2d")
class UpsamplingBilinear2d(UpsampleOfMode):
    """(N, C, H, W) -> (N, C, *size), or H * scale_factor rounded down."""

    of_mode = "bilinear"


entry_of(Upsample).gives("scale_factor=2", "(B, C, H, W)", "(B, C, 2*H, 2*W)")
entry_of(Upsample).gives("size=(h, w)", "(B, C, H, W)", "(B, C, h, w)")
entry_of(UpsamplingBilinear2d).gives("scale_factor=4", "(B, C, H, W)", "(B, C, 4*H, 4*W)")
entry_of(UpsamplingBilinear2d).fails("scale_factor=4", "(2, 3, 4)", "has 3 dims (2, 3, 4), not 4")


@op("torch.nn.functional.grid_sample")
def grid_sample(
    input: Tensor, grid: Tensor, mode: Values = "bilinear", padding_mode: Values = "zeros",
    align_corners: Values = None,
) -> Tensor:  # fmt: skip
    """(N, C, *in), (N, *out, k) -> (N, C, *out), k = 2 or 3 axes.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html
    """
    rank = need_rank(input, 4, 5)
    need(mode != "bicubic" or rank == 4, f"mode 'bicubic' with an input of {rank} dims", Trouble.LAYER_INPUT)
    need_rank(grid, rank, what="the grid")
    need_equal(grid.shape[0], input.shape[0], "the batch of the grid", "that of the input", Trouble.LAYER_INPUT)
    need_equal(grid.shape[-1], rank - 2, "the last dim of the grid", "the number of axes", Trouble.LAYER_INPUT)
    for size in input.shape[2:]:
        need_at_least(size, 1, f"an axis of the input {input.shape} is empty", Trouble.LAYER_INPUT)
    return input.with_shape(*input.shape[:2], *grid.shape[1:-1])


grid_sample.gives("(B, C, H, W), (B, h, w, 2)", "(B, C, h, w)")
grid_sample.fails("(2, 3, 4, 4), (2, 5, 5, 3)", "the last dim of the grid is 3, the number of axes is 2")


@op("torch.grid_sampler")
def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: Values, padding_mode: Values, align_corners: Values
) -> Tensor:
    """(N, C, *in), (N, *out, k) -> (N, C, *out)."""
    result: Tensor = grid_sample.rule(input, grid)
    return result


@op("torch.grid_sampler_2d")
def grid_sampler_2d(
    input: Tensor, grid: Tensor, interpolation_mode: Values, padding_mode: Values, align_corners: Values
) -> Tensor:
    """(N, C, H, W), (N, h, w, 2) -> (N, C, h, w)."""
    need_rank(input, 4)
    result: Tensor = grid_sample.rule(input, grid)
    return result


@op("torch.grid_sampler_3d")
def grid_sampler_3d(
    input: Tensor, grid: Tensor, interpolation_mode: Values, padding_mode: Values, align_corners: Values
) -> Tensor:
    """(N, C, D, H, W), (N, d, h, w, 3) -> (N, C, d, h, w)."""
    need_rank(input, 5)
    result: Tensor = grid_sample.rule(input, grid)
    return result


@op("torch.nn.functional.affine_grid", "torch.affine_grid_generator")
def affine_grid(theta: Tensor, size: Sizes, align_corners: Values = None) -> Tensor:
    """(N, 2, 3), (N, C, H, W) -> (N, H, W, 2); (N, 3, 4), (N, C, D, H, W) -> (N, D, H, W, 3).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html
    """
    need(len(size) in (4, 5), f"size has {len(size)} numbers, not 4 or 5")
    axes = len(size) - 2
    need_rank(theta, 3, what="theta")
    for place, wanted in ((1, axes), (2, axes + 1)):
        need_equal(theta.shape[place], wanted, f"dim {place} of theta", "what size asks for", Trouble.LAYER_INPUT)
    need_equal(theta.shape[0], size[0], "the batch of theta", "that of size", Trouble.LAYER_INPUT)
    need_positive(size, "a size")
    return theta.with_shape(size[0], *size[2:], axes)


affine_grid.gives("(B, 2, 3), (B, C, H, W)", "(B, H, W, 2)")
affine_grid.fails("(2, 3, 4), (2, 3, 8, 8)", "dim 1 of theta is 3, what size asks for is 2")
