"""Convolutions and transposed convolutions in one to three dimensions, as functions."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.families.parameter import need_vector
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import Trouble, current, need, need_at_least, need_divides, need_equal, need_rank
from shapelint.ops.registry import Op, op
from shapelint.ops.signature import Extent, Padding, Sizes, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.ops.window import (
    ZERO,
    need_not_negative,
    need_positive,
    need_window_fits,
    spatial,
    spread,
    steps,
)

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"


def convolved(
    input: Tensor,
    channels: tuple[Dim, Dim],
    kernel: Sizes,
    stride: Extent,
    padding: Padding,
    dilation: Extent,
    operation: str,
) -> Tensor:
    """(N, C_in, *in) -> (N, C_out, *out), out = (in + 2*padding - dilation*(kernel - 1) - 1) // stride + 1."""
    axes = len(kernel)
    input = spatial(input, axes, operation)
    strides, dilations = spread(stride, axes, "stride"), spread(dilation, axes, "dilation")
    need_positive(strides, "stride")
    need_positive(dilations, "dilation")
    need_equal(input.shape[-axes - 1], channels[0], "the channel dim of the input", "in_channels", Trouble.LAYER_INPUT)
    sizes = input.shape[-axes:]
    if isinstance(padding, Unknown):  # it may be "same"
        out = [current().fresh("_") for _ in sizes]
        return fresh_like(input, input.shape.with_last(channels[1], *out, dropping=axes + 1))
    if padding == "same":
        need(all(step.value in (1, None) for step in strides), "padding='same' with a stride other than 1")
        return fresh_like(input, input.shape.with_last(channels[1], *sizes, dropping=axes + 1))
    paddings = _paddings(padding, axes)
    for size, window, pad, dilate in zip(sizes, kernel, paddings, dilations, strict=True):
        need_window_fits(size, window, pad, dilate, operation)
    out = [steps(*row) for row in zip(sizes, kernel, strides, paddings, dilations, strict=True)]
    return fresh_like(input, input.shape.with_last(channels[1], *out, dropping=axes + 1))


def _paddings(padding: Padding, axes: int) -> Sizes:
    if isinstance(padding, str):
        need(padding == "valid", f"padding is {padding!r}, not 'same' or 'valid'")
        return (ZERO,) * axes
    paddings = spread(padding, axes, "padding")
    need_not_negative(paddings, "padding")
    return paddings


def transposed(
    input: Tensor,
    channels: tuple[Dim, Dim],
    kernel: Sizes,
    stride: Extent,
    padding: Extent,
    output_padding: Extent,
    dilation: Extent,
    operation: str,
) -> Tensor:
    """(N, C_in, *in) -> (N, C_out, *out), out = (in - 1)*stride - 2*padding + dilation*(k - 1) + output_padding + 1."""
    axes = len(kernel)
    input = spatial(input, axes, operation)
    strides, paddings = spread(stride, axes, "stride"), spread(padding, axes, "padding")
    extras, dilations = spread(output_padding, axes, "output_padding"), spread(dilation, axes, "dilation")
    need_positive(strides, "stride")
    need_positive(dilations, "dilation")
    need_not_negative(paddings, "padding")
    need_not_negative(extras, "output_padding")
    need_equal(input.shape[-axes - 1], channels[0], "the channel dim of the input", "in_channels", Trouble.LAYER_INPUT)
    out = []
    rows = zip(input.shape[-axes:], kernel, strides, paddings, extras, dilations, strict=True)
    for size, window, step, pad, extra, dilate in rows:
        if extra.value is not None and step.value is not None and dilate.value is not None:
            need(
                extra.value < max(step.value, dilate.value),
                f"output_padding {extra} is not smaller than stride {step} or dilation {dilate}",
            )
        grown = (size - 1) * step - 2 * pad + dilate * (window - 1) + extra + 1
        need_at_least(grown, 0, f"the output of {operation} would have {grown} elements along an axis")
        out.append(grown)
    return fresh_like(input, input.shape.with_last(channels[1], *out, dropping=axes + 1))


def _weight(weight: Tensor, axes: int, groups: Dim) -> Sizes:
    """The weight's sizes, which must be one for each axis and two more, the first a multiple of `groups`."""
    need_rank(weight, axes + 2, what="the weight")
    need_positive((groups,), "groups")
    need_at_least(weight.shape[0], groups, f"{groups} groups for a weight of {weight.shape}")
    need_divides(groups, weight.shape[0], f"the {weight.shape[0]} of the weight do not divide into {groups} groups")
    return weight.shape.dims


def _convolution(axes: int) -> Op:
    def rule(
        input: Tensor, weight: Tensor, bias: Values = None, stride: Extent = ONE, padding: Padding = ZERO,
        dilation: Extent = ONE, groups: Dim = ONE,
    ) -> Tensor:  # fmt: skip
        out, each, *kernel = _weight(weight, axes, groups)
        need_vector(bias, out, "bias", "out_channels")
        return convolved(input, (each * groups, out), tuple(kernel), stride, padding, dilation, f"conv{axes}d")

    rule.__doc__ = (
        "(N, C_in, *in), (C_out, C_in//groups, *k) -> (N, C_out, *out),"
        " out = (in + 2*padding - dilation*(k - 1) - 1) // stride + 1; N may be missing.\n\n"
        f"{PAGE}.functional.conv{axes}d.html"
    )
    return op(f"torch.conv{axes}d", f"torch.nn.functional.conv{axes}d")(rule)


def _transposed_convolution(axes: int) -> Op:
    def rule(
        input: Tensor, weight: Tensor, bias: Values = None, stride: Extent = ONE, padding: Extent = ZERO,
        output_padding: Extent = ZERO, groups: Dim = ONE, dilation: Extent = ONE,
    ) -> Tensor:  # fmt: skip
        into, each, *kernel = _weight(weight, axes, groups)
        need_vector(bias, each * groups, "bias", "out_channels")
        name = f"conv_transpose{axes}d"
        return transposed(input, (into, each * groups), tuple(kernel), stride, padding, output_padding, dilation, name)

    rule.__doc__ = (
        "(N, C_in, *in), (C_in, C_out//groups, *k) -> (N, C_out, *out),"
        " out = (in - 1)*stride - 2*padding + dilation*(k - 1) + output_padding + 1; N may be missing.\n\n"
        f"{PAGE}.functional.conv_transpose{axes}d.html"
    )
    return op(f"torch.conv_transpose{axes}d", f"torch.nn.functional.conv_transpose{axes}d")(rule)


conv1d, conv2d, conv3d = (_convolution(axes) for axes in (1, 2, 3))
conv_transpose1d, conv_transpose2d, conv_transpose3d = (_transposed_convolution(axes) for axes in (1, 2, 3))

conv1d.gives("(B, C, L), (D, C, 3)", "(B, D, L - 2)")
conv1d.gives("(B, C, L), (D, C, 3), padding='same'", "(B, D, L)")
conv2d.gives("(B, 3, H, W), (8, 3, 4, 4), stride=4", "(B, 8, H//4, W//4)")
conv2d.gives("(3, H, W), (8, 3, 3, 3), padding=1", "(8, H, W)")
conv2d.gives("(B, 6, H, W), (8, 3, 3, 3), padding=1, groups=2", "(B, 8, H, W)")
conv2d.fails("(2, 4, 8, 8), (8, 3, 3, 3)", "the channel dim of the input is 4, in_channels is 3")
conv2d.fails("(2, 3, 2, 8), (8, 3, 3, 3)", "the kernel of conv2d spans 3, the padded axis has 2")
conv2d.fails("(3, 8), (8, 3, 3, 3)", "has 2 dims (3, 8), not 3 or 4")
conv3d.gives("(B, C, D, H, W), (E, C, 1, 3, 3)", "(B, E, D, H - 2, W - 2)")
conv_transpose2d.gives("(B, C, H, W), (C, D, 4, 4), stride=2, padding=1", "(B, D, 2*H, 2*W)")
conv_transpose2d.fails("(2, 4, 8, 8), (3, 8, 3, 3)", "the channel dim of the input is 4, in_channels is 3")


@op("torch.convolution")
def convolution(
    input: Tensor, weight: Tensor, bias: Values, stride: Extent, padding: Extent, dilation: Extent, transposed: bool,
    output_padding: Extent, groups: Dim,
) -> Tensor:  # fmt: skip
    """(N, C_in, *in) -> (N, C_out, *out), as conv or conv_transpose of as many dimensions as the weight has."""
    axes = need_rank(weight, 3, 4, 5, what="the weight") - 2
    if transposed:
        rule = (conv_transpose1d, conv_transpose2d, conv_transpose3d)[axes - 1].rule
        result: Tensor = rule(input, weight, bias, stride, padding, output_padding, groups, dilation)
    else:
        result = (conv1d, conv2d, conv3d)[axes - 1].rule(input, weight, bias, stride, padding, dilation, groups)
    return result


@op("torch.conv_tbc", "torch.nn.functional.conv_tbc")
def conv_tbc(input: Tensor, weight: Tensor, bias: Values, pad: Dim = ZERO) -> Tensor:
    """(T, B, C_in), (k, C_in, C_out) -> (T + 2*pad - k + 1, B, C_out)."""
    need_rank(input, 3)
    need_rank(weight, 3, what="the weight")
    need_equal(input.shape[2], weight.shape[1], "the channel dim of the input", "in_channels", Trouble.LAYER_INPUT)
    need_window_fits(input.shape[0], weight.shape[0], pad, ONE, "conv_tbc")
    return input.with_shape(steps(input.shape[0], weight.shape[0], ONE, pad), input.shape[1], weight.shape[2])
