"""Other samplings of the same picture: interpolate, grid_sample, pixel and channel shuffles, fold and unfold."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim, product
from shapelint.ops.needs import (
    CannotRun,
    Trouble,
    current,
    need,
    need_at_least,
    need_divides,
    need_equal,
    need_rank,
    seeing,
)
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Extent, Sizes, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.ops.window import ZERO, need_not_negative, need_positive, scaled, slid, spread, steps
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
    need(size is None or scale_factor is None, "size and scale_factor together")
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
        out = [scaled(one, factor, "scale_factor") for one, factor in zip(sizes, each, strict=True)]
    for one in (*out, *sizes):
        need_at_least(one, 1, f"interpolate of {input.shape} to {Shape(tuple(out))}", Trouble.LAYER_INPUT)
    need_at_least(input.shape[1], 1, f"interpolate of {input.shape}", Trouble.LAYER_INPUT)
    return slid(input, input.shape.with_last(*out, dropping=axes))


def _given(size: Any) -> Dim:
    if isinstance(size, Dim):
        return size
    if isinstance(size, int):
        return ONE * size
    if isinstance(size, Unknown):
        found = current().as_size(size)
        if found is not None:
            return found
    if isinstance(size, Tensor):
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


@op("torch.nn.functional.pixel_shuffle", "torch.pixel_shuffle")
def pixel_shuffle(input: Tensor, upscale_factor: Dim) -> Tensor:
    """(*, C*r*r, H, W) -> (*, C, H*r, W*r).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pixel_shuffle.html
    """
    input = _picture(input, "pixel_shuffle")
    need_positive((upscale_factor,), "upscale_factor")
    channels, height, width = input.shape[-3:]
    area = upscale_factor * upscale_factor
    need_divides(
        area, channels, f"{channels} channels do not divide by {upscale_factor} * {upscale_factor}",
        Trouble.LAYER_INPUT,
    )  # fmt: skip
    return input.made(
        input.shape.with_last(channels // area, height * upscale_factor, width * upscale_factor, dropping=3)
    )


@op("torch.nn.functional.pixel_unshuffle", "torch.pixel_unshuffle")
def pixel_unshuffle(input: Tensor, downscale_factor: Dim) -> Tensor:
    """(*, C, H*r, W*r) -> (*, C*r*r, H, W).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pixel_unshuffle.html
    """
    input = _picture(input, "pixel_unshuffle")
    need_positive((downscale_factor,), "downscale_factor")
    channels, height, width = input.shape[-3:]
    for size in (height, width):
        need_divides(
            downscale_factor, size, f"an axis of {size} does not divide by {downscale_factor}", Trouble.LAYER_INPUT
        )
    area = downscale_factor * downscale_factor
    return input.made(
        input.shape.with_last(channels * area, height // downscale_factor, width // downscale_factor, dropping=3)
    )


def _picture(input: Tensor, operation: str) -> Tensor:
    input = seeing(input, 3)
    if input.shape.known:
        text = f"the input of {operation} has {input.rank} dims {input.shape}, not 3 or more"
        need(input.rank >= 3, text, Trouble.LAYER_INPUT)
    return input


pixel_shuffle.gives("(B, 4*C, H, W), 2", "(B, C, 2*H, 2*W)")
pixel_shuffle.fails("(2, 6, 4, 4), 2", "6 channels do not divide by 2 * 2")
pixel_unshuffle.gives("(B, C, 2*H, 2*W), 2", "(B, 4*C, H, W)")
pixel_unshuffle.fails("(2, 6, 5, 4), 2", "an axis of 5 does not divide by 2")


@op(
    "torch.nn.functional.channel_shuffle", "torch.channel_shuffle", "torch.nn.functional.native_channel_shuffle",
    "torch.native_channel_shuffle",
)  # fmt: skip
def channel_shuffle(input: Tensor, groups: Dim) -> Tensor:
    """(N, C, *) -> (N, C, *), groups dividing C.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
    """
    need_positive((groups,), "groups")
    if input.shape.known:
        text = f"the input of channel_shuffle has {input.rank} dims {input.shape}, not 3 or more"
        need(input.rank >= 3, text, Trouble.LAYER_INPUT)
        channels = input.shape[1]
        need_divides(groups, channels, f"{channels} channels do not divide into {groups} groups", Trouble.LAYER_INPUT)
    return input.made(input.shape)


channel_shuffle.gives("(B, 4*C, H, W), 4", "(B, 4*C, H, W)")
channel_shuffle.fails("(2, 6, 4, 4), 4", "6 channels do not divide into 4 groups")


@layer("torch.nn.PixelShuffle")
class PixelShuffle:
    """(*, C*r*r, H, W) -> (*, C, H*r, W*r). https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html"""

    def __init__(self, upscale_factor: Dim) -> None:
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = pixel_shuffle.rule(input, self.upscale_factor)
        return result


@layer("torch.nn.PixelUnshuffle")
class PixelUnshuffle:
    """(*, C, H*r, W*r) -> (*, C*r*r, H, W). https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html"""

    def __init__(self, downscale_factor: Dim) -> None:
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = pixel_unshuffle.rule(input, self.downscale_factor)
        return result


@layer("torch.nn.ChannelShuffle")
class ChannelShuffle:
    """(N, C, *) -> (N, C, *), groups dividing C.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
    """

    def __init__(self, groups: Dim) -> None:
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = channel_shuffle.rule(input, self.groups)
        return result


entry_of(PixelShuffle).gives("r", "(B, C*r*r, H, W)", "(B, C, H*r, W*r)")
entry_of(PixelUnshuffle).gives("3", "(C, 3*H, 3*W)", "(9*C, H, W)")
entry_of(ChannelShuffle).gives("2", "(B, 2*C, L)", "(B, 2*C, L)")


def _blocks(
    picture: Sizes, kernel_size: Extent, dilation: Extent, padding: Extent, stride: Extent
) -> tuple[Sizes, list[Dim]]:
    """The kernel, and how many blocks it takes along each axis of the picture."""
    kernel, dilations = spread(kernel_size, 2, "kernel_size"), spread(dilation, 2, "dilation")
    paddings, strides = spread(padding, 2, "padding"), spread(stride, 2, "stride")
    for sizes, what in ((kernel, "kernel_size"), (dilations, "dilation"), (strides, "stride")):
        need_positive(sizes, what)
    need_not_negative(paddings, "padding")
    counts = [steps(*row) for row in zip(picture, kernel, strides, paddings, dilations, strict=True)]
    for count, size in zip(counts, picture, strict=True):
        need_at_least(count, 1, f"an axis of {size} holds no block of {Shape(kernel)}", Trouble.LAYER_INPUT)
    return kernel, counts


@op("torch.nn.functional.unfold")
def unfold(
    input: Tensor, kernel_size: Extent, dilation: Extent = ONE, padding: Extent = ZERO, stride: Extent = ONE
) -> Tensor:
    """(N, C, H, W) -> (N, C*kh*kw, blocks), a block for each place of the window; N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.unfold.html
    """
    need_rank(input, 3, 4)
    kernel, counts = _blocks(input.shape[-2:], kernel_size, dilation, padding, stride)
    return input.with_shape(*input.shape[:-3], input.shape[-3] * product(kernel), product(counts))


@op("torch.nn.functional.fold")
def fold(
    input: Tensor, output_size: Extent, kernel_size: Extent, dilation: Extent = ONE, padding: Extent = ZERO,
    stride: Extent = ONE,
) -> Tensor:  # fmt: skip
    """(N, C*kh*kw, blocks) -> (N, C, *output_size); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.fold.html
    """
    need_rank(input, 2, 3)
    picture = spread(output_size, 2, "output_size")
    kernel, counts = _blocks(picture, kernel_size, dilation, padding, stride)
    area, planes = product(kernel), input.shape[-2]
    need_divides(area, planes, f"{planes} planes do not divide into blocks of {area}", Trouble.LAYER_INPUT)
    need_equal(input.shape[-1], product(counts), "the number of blocks", "what output_size holds", Trouble.LAYER_INPUT)
    return input.with_shape(*input.shape[:-2], planes // area, *picture)


unfold.gives("(B, C, H, W), 3, padding=1", "(B, 9*C, H*W)")
unfold.fails("(2, 3, 2, 8), 3", "an axis of 2 holds no block of (3, 3)")
fold.gives("(B, 4*C, 9), (6, 6), 2, stride=2", "(B, C, 6, 6)")
fold.fails("(2, 8, 5), (6, 6), 2, stride=2", "the number of blocks is 5, what output_size holds is 9")


@layer("torch.nn.Unfold")
class Unfold:
    """(N, C, H, W) -> (N, C*kh*kw, blocks). https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html"""

    def __init__(
        self, kernel_size: Extent, dilation: Extent = ONE, padding: Extent = ZERO, stride: Extent = ONE
    ) -> None:
        self.kernel_size, self.dilation, self.padding, self.stride = kernel_size, dilation, padding, stride

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = unfold.rule(input, self.kernel_size, self.dilation, self.padding, self.stride)
        return result


@layer("torch.nn.Fold")
class Fold:
    """(N, C*kh*kw, blocks) -> (N, C, *output_size).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Fold.html
    """

    def __init__(
        self, output_size: Extent, kernel_size: Extent, dilation: Extent = ONE, padding: Extent = ZERO,
        stride: Extent = ONE,
    ) -> None:  # fmt: skip
        self.output_size, self.kernel_size = output_size, kernel_size
        self.dilation, self.padding, self.stride = dilation, padding, stride

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = fold.rule(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)
        return result


entry_of(Unfold).gives("2, stride=2", "(B, C, H, W)", "(B, 4*C, (H//2)*(W//2))")
entry_of(Fold).gives("(6, 6), 2, stride=2", "(B, 4*C, 9)", "(B, C, 6, 6)")
