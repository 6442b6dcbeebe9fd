"""Rearrangements of channels, pixels and blocks: pixel and channel shuffles, fold and unfold."""

from __future__ import annotations

from shapelint.dims import Dim, product
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import (
    Trouble,
    need,
    need_at_least,
    need_divides,
    need_equal,
    need_rank,
    seeing,
)
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Extent, Sizes
from shapelint.ops.tensor import ONE, Tensor
from shapelint.ops.window import ZERO, need_not_negative, need_positive, spread, steps
from shapelint.shapes import Shape


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
    return fresh_like(
        input, input.shape.with_last(channels * area, height // downscale_factor, width // downscale_factor, dropping=3)
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
    return fresh_like(input, input.shape)


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
