"""Layers of convolution and of transposed convolution in one to three dimensions, and their lazy twins."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.families.conv import convolved, transposed
from shapelint.ops.families.padding import need_paddable
from shapelint.ops.families.parameter import optional, weight_of
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import need, need_at_least, need_divides
from shapelint.ops.registry import entry_of, layer
from shapelint.ops.signature import Extent, Padding, Sizes, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.ops.window import ZERO, need_positive, spatial, spread
from shapelint.shapes import Shape

MODES = ("zeros", "reflect", "replicate", "circular")


class Convolution:
    """What the layers of both kinds and of all dimensions keep."""

    axes: int

    def __init__(
        self, in_channels: Dim | None, out_channels: Dim, kernel_size: Extent, stride: Extent, padding: Padding,
        dilation: Extent, groups: Dim, bias: Values, padding_mode: Values,
    ) -> None:  # fmt: skip
        need_positive((groups,), "groups")
        if in_channels is not None:
            self._need_grouped(in_channels, groups)
        need_divides(groups, out_channels, f"out_channels {out_channels} does not divide into {groups} groups")
        need(not isinstance(padding, str) or padding in ("same", "valid"), f"padding is {padding!r}")
        need(not isinstance(padding_mode, str) or padding_mode in MODES, f"padding_mode is {padding_mode!r}")
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = spread(kernel_size, self.axes, "kernel_size", alone=False)
        self.stride = spread(stride, self.axes, "stride")
        self.padding = padding if isinstance(padding, (str, Unknown)) else spread(padding, self.axes, "padding")
        self.dilation = spread(dilation, self.axes, "dilation")
        self.padding_mode = padding_mode
        self.bias = optional(bias, out_channels)

    @staticmethod
    def _need_grouped(in_channels: Dim, groups: Dim) -> None:
        need_divides(groups, in_channels, f"in_channels {in_channels} does not divide into {groups} groups")

    def _channels(self, input: Tensor) -> tuple[Dim, Dim]:
        """The channels that go in, a lazy layer's being those of its input, and those that come out."""
        if self.in_channels is not None:
            return self.in_channels, self.out_channels
        found = spatial(input, self.axes, self.name).shape[-self.axes - 1]
        self._need_grouped(found, self.groups)
        return found, self.out_channels

    @property
    def name(self) -> str:
        """The layer's name, for messages."""
        return type(self).__name__


def _kept(module: Convolution, *channels: Dim | None) -> Tensor:
    """The weight of a layer; of a lazy one its shape is not known."""
    sizes = [size for size in channels if size is not None]
    if len(sizes) < len(channels):
        return Tensor(Shape.unknown("weight"))
    return weight_of(*sizes, *module.kernel_size)


class PlainConvolution(Convolution):
    """(N, C_in, *in) -> (N, C_out, *out), out = (in + 2*padding - dilation*(k - 1) - 1) // stride + 1."""

    def __init__(
        self, in_channels: Dim | None, out_channels: Dim, kernel_size: Extent, stride: Extent = ONE,
        padding: Padding = ZERO, dilation: Extent = ONE, groups: Dim = ONE, bias: Values = True,
        padding_mode: Values = "zeros",
    ) -> None:  # fmt: skip
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)
        need(
            self.padding != "same" or all(step.value in (1, None) for step in self.stride),
            "padding='same' with a stride other than 1",
        )
        self.weight = _kept(self, out_channels, None if in_channels is None else in_channels // groups)

    def forward(self, input: Tensor) -> Tensor:
        pads = self._pads()
        if self.padding_mode in ("reflect", "circular") and self.padding != "valid":
            seen = spatial(input, self.axes, self.name)
            for size, pad in zip(seen.shape[-self.axes :], pads, strict=False):
                need_paddable(size, pad, self.padding_mode)
        return convolved(
            input, self._channels(input), self.kernel_size, self.stride, self.padding, self.dilation,
            self.name,
        )  # fmt: skip

    def _pads(self) -> Sizes:
        """How far each axis is padded at its end, () where that is not known; for "same" this is the larger half."""
        if isinstance(self.padding, Unknown):
            return ()
        if not isinstance(self.padding, str):
            return self.padding
        return tuple(
            (dilate * (window - 1) + 1) // 2 for window, dilate in zip(self.kernel_size, self.dilation, strict=True)
        )


class TransposedConvolution(Convolution):
    """(N, C_in, *in) -> (N, C_out, *out), out = (in - 1)*stride - 2*padding + dilation*(k - 1) + output_padding + 1."""

    def __init__(
        self, in_channels: Dim | None, out_channels: Dim, kernel_size: Extent, stride: Extent = ONE,
        padding: Extent = ZERO, output_padding: Extent = ZERO, groups: Dim = ONE, bias: Values = True,
        dilation: Extent = ONE, padding_mode: Values = "zeros",
    ) -> None:  # fmt: skip
        need(
            not isinstance(padding_mode, str) or padding_mode == "zeros",
            f"padding_mode is {padding_mode!r}, a transposed convolution takes only 'zeros'",
        )
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)
        self.output_padding = spread(output_padding, self.axes, "output_padding")
        self.weight = _kept(self, in_channels, out_channels // groups)

    def forward(self, input: Tensor, output_size: Sizes | None = None) -> Tensor:
        padding = spread(self.padding, self.axes, "padding") if not isinstance(self.padding, str) else ()
        made = transposed(
            input, self._channels(input), self.kernel_size, self.stride, padding,
            ZERO if output_size else self.output_padding, self.dilation, self.name,
        )  # fmt: skip
        if not output_size:
            return made
        wanted = output_size if len(output_size) == self.axes else output_size[len(output_size) - self.axes :]
        seen = made.shape.rank if made.shape.known else self.axes + 2
        need(
            len(output_size) in (self.axes, seen),
            f"output_size has {len(output_size)} sizes for {self.axes} axes",
        )
        for size, least, step in zip(wanted, made.shape[-self.axes :], self.stride, strict=True):
            text = f"output_size {size} lies outside {least} to {least + step - 1}"
            need_at_least(size, least, text)
            need_at_least(least + step - 1, size, text)
        return fresh_like(made, made.shape.with_last(*wanted, dropping=self.axes))


@layer("torch.nn.Conv1d")
class Conv1d(PlainConvolution):
    """(N, C_in, L) -> (N, C_out, (L + 2*padding - dilation*(k - 1) - 1) // stride + 1); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
    """

    axes = 1


@layer("torch.nn.Conv2d")
class Conv2d(PlainConvolution):
    """(N, C_in, H, W) -> (N, C_out, H', W'), H' = (H + 2*padding - dilation*(k - 1) - 1) // stride + 1.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    """

    axes = 2


@layer("torch.nn.Conv3d")
class Conv3d(PlainConvolution):
    """(N, C_in, D, H, W) -> (N, C_out, D', H', W'), each as in Conv2d; N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv3d.html
    """

    axes = 3


@layer("torch.nn.ConvTranspose1d")
class ConvTranspose1d(TransposedConvolution):
    """(N, C_in, L) -> (N, C_out, (L - 1)*stride - 2*padding + dilation*(k - 1) + output_padding + 1).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
    """

    axes = 1


@layer("torch.nn.ConvTranspose2d")
class ConvTranspose2d(TransposedConvolution):
    """(N, C_in, H, W) -> (N, C_out, H', W'), H' = (H - 1)*stride - 2*padding + dilation*(k - 1) + output_padding + 1.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    """

    axes = 2


@layer("torch.nn.ConvTranspose3d")
class ConvTranspose3d(TransposedConvolution):
    """(N, C_in, D, H, W) -> (N, C_out, D', H', W'), each as in ConvTranspose2d.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html
    """

    axes = 3


entry_of(Conv1d).gives("C, D, 3, padding=1", "(B, C, L)", "(B, D, L)")
entry_of(Conv2d).gives("3, D, P, P", "(B, 3, H, W)", "(B, D, H//P, W//P)")
entry_of(Conv2d).gives("8, 16, 3, stride=2, padding=1", "(B, 8, H, W)", "(B, 16, (H + 1)//2, (W + 1)//2)")
entry_of(Conv2d).fails("3, 8, 3", "(2, 4, 8, 8)", "the channel dim of the input is 4, in_channels is 3")
entry_of(Conv2d).fails("6, 8, 3, groups=4", "(2, 6, 8, 8)", "in_channels 6 does not divide into 4 groups")
entry_of(Conv3d).gives("C, D, 3, padding='same'", "(B, C, T, H, W)", "(B, D, T, H, W)")
entry_of(ConvTranspose2d).gives("C, D, 2, stride=2", "(B, C, H, W)", "(B, D, 2*H, 2*W)")
entry_of(ConvTranspose2d).gives("C, D, 3, 2, 1, 1", "(C, H, W)", "(D, 2*H, 2*W)")


class LazyConvolution(PlainConvolution):
    """As Conv, its in_channels taken from the input."""

    def __init__(
        self, out_channels: Dim, kernel_size: Extent, stride: Extent = ONE, padding: Padding = ZERO,
        dilation: Extent = ONE, groups: Dim = ONE, bias: Values = True, padding_mode: Values = "zeros",
    ) -> None:  # fmt: skip
        super().__init__(None, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)


class LazyTransposedConvolution(TransposedConvolution):
    """As ConvTranspose, its in_channels taken from the input."""

    def __init__(
        self, out_channels: Dim, kernel_size: Extent, stride: Extent = ONE, padding: Extent = ZERO,
        output_padding: Extent = ZERO, groups: Dim = ONE, bias: Values = True, dilation: Extent = ONE,
        padding_mode: Values = "zeros",
    ) -> None:  # fmt: skip
        super().__init__(
            None, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation, padding_mode
        )


def _lazy(kind: type, name: str, axes: int) -> None:
    page = f"{kind.__doc__}\n\nhttps://docs.pytorch.org/docs/stable/generated/torch.nn.{name}.html"
    layer(f"torch.nn.{name}")(type(name, (kind,), {"axes": axes, "__doc__": page}))


for _axes in (1, 2, 3):
    _lazy(LazyConvolution, f"LazyConv{_axes}d", _axes)
    _lazy(LazyTransposedConvolution, f"LazyConvTranspose{_axes}d", _axes)
