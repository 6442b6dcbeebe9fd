"""Pools of a sliding window: max, average and Lp, as functions and as layers."""

from __future__ import annotations

from typing import Any, TypeAlias

from shapelint.dims import Dim, minimum
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import Trouble, need_at_least, number
from shapelint.ops.registry import Op, add, entry_of, layer, op
from shapelint.ops.signature import Extent, Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.ops.window import (
    ZERO,
    need_not_negative,
    need_positive,
    spatial,
    spread,
    steps,
    strides_of,
)

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"
Pooled: TypeAlias = Tensor | tuple[Tensor, Tensor]


def pooled(
    input: Tensor, axes: int, kernel_size: Extent, stride: Extent | None, padding: Extent, dilation: Extent,
    ceil_mode: bool, operation: str,
) -> Tensor:  # fmt: skip
    """(N, C, *in) -> (N, C, *out), out = (in + 2*padding - dilation*(kernel - 1) - 1) // stride + 1.

    With ceil_mode the division rounds up, but a last window must start inside the input or the padding before it.
    """
    input = spatial(input, axes, operation)
    kernel = spread(kernel_size, axes, "kernel_size")
    strides, paddings = strides_of(stride, kernel, axes), spread(padding, axes, "padding")
    dilations = spread(dilation, axes, "dilation")
    need_positive(kernel, "kernel_size")
    need_positive(strides, "stride")
    need_positive(dilations, "dilation")
    need_not_negative(paddings, "padding")
    _need_channels(input, axes, operation)
    out = []
    for size, window, step, pad, dilate in zip(input.shape[-axes:], kernel, strides, paddings, dilations, strict=True):
        reach = dilate * (window - 1) + 1
        need_at_least(window, 2 * pad, f"padding {pad} is more than half of the kernel {window}")
        need_at_least(size, 1, f"an axis of {operation} has no elements", Trouble.LAYER_INPUT)
        count = steps(size, window, step, pad, dilate)
        if ceil_mode:
            rounded = (size + 2 * pad - reach + step - 1) // step + 1
            last = (size + pad - 1) // step + 1
            count = rounded if _starts_inside(reach, step, pad) else minimum(rounded, last)
        need_at_least(
            count, 1, f"the kernel of {operation} spans {reach}, the padded axis has {size + 2 * pad}",
            Trouble.LAYER_INPUT,
        )  # fmt: skip
        out.append(count)
    return fresh_like(input, input.shape.with_last(*out, dropping=axes))


def _starts_inside(reach: Dim, step: Dim, pad: Dim) -> bool:
    """Whether a window that ceil_mode adds surely starts before the padding at the end: step + pad <= reach."""
    spare = number(reach - step - pad)
    return spare is not None and spare >= 0


def _need_channels(input: Tensor, axes: int, operation: str) -> None:
    need_at_least(
        input.shape[-axes - 1], 1, f"the input of {operation} has no channels {input.shape}", Trouble.LAYER_INPUT
    )


def with_indices(output: Tensor, wanted: bool) -> Pooled:
    """The result, with the places it was taken from where these are wanted."""
    return (output, output.typed("int64")) if wanted else output


def _max_pool(axes: int) -> None:
    name = f"max_pool{axes}d"

    def rule(
        input: Tensor, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO,
        dilation: Extent = ONE, ceil_mode: bool = False, return_indices: bool = False,
    ) -> Pooled:  # fmt: skip
        made = pooled(input, axes, kernel_size, stride, padding, dilation, ceil_mode, name)
        return with_indices(made, return_indices)

    def both(
        input: Tensor, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO,
        dilation: Extent = ONE, ceil_mode: bool = False, return_indices: Values = True,
    ) -> Pooled:  # fmt: skip
        made = pooled(input, axes, kernel_size, stride, padding, dilation, ceil_mode, name)
        return with_indices(made, True)

    rule.__doc__ = both.__doc__ = (
        "(N, C, *in) -> (N, C, *out), out = (in + 2*padding - dilation*(k - 1) - 1) // stride + 1; stride is k unless"
        f" given.\n\n{PAGE}.functional.{name}.html"
    )
    entry = op(f"torch.{name}", f"torch.nn.functional.{name}")(rule)
    pair = op(f"torch.nn.functional.{name}_with_indices")(both)
    if axes == 1:
        add(Op(both, ("torch.max_pool1d_with_indices",)))
        entry.gives("(B, C, L), 2", "(B, C, L//2)")
        entry.fails("(2, 3, 4), 5", "the kernel of max_pool1d spans 5, the padded axis has 4")
    if axes == 2:
        entry.gives("(B, C, H, W), 3, 2, 1", "(B, C, (H - 1)//2 + 1, (W - 1)//2 + 1)")
        entry.gives("(C, H, W), (2, 3)", "(C, H//2, W//3)")
        entry.fails("(2, 3), 2", "has 2 dims (2, 3), not 3 or 4")
        entry.fails("(2, 3, 4, 4), 2, padding=2", "padding 2 is more than half of the kernel 2")
        pair.gives("(B, C, H, W), 2", "(B, C, H//2, W//2), (B, C, H//2, W//2)")


def averaged(
    input: Tensor, axes: int, kernel_size: Extent, stride: Extent | None, padding: Extent, ceil_mode: bool,
    operation: str,
) -> Tensor:  # fmt: skip
    """As a max pool without dilation; in three dimensions the kernel must fit without the padding."""
    made = pooled(input, axes, kernel_size, stride, padding, ONE, ceil_mode, operation)
    if axes == 3:
        for size, window in zip(input.shape[-axes:], spread(kernel_size, axes, "kernel_size"), strict=True):
            need_at_least(
                size, window, f"the kernel of {operation} spans {window}, the axis has {size}", Trouble.LAYER_INPUT
            )
    return made


def _avg_pool(axes: int) -> None:
    name = f"avg_pool{axes}d"
    page = (
        "(N, C, *in) -> (N, C, *out), out = (in + 2*padding - k) // stride + 1; stride is k unless given.\n\n"
        f"{PAGE}.functional.{name}.html"
    )

    def rule(
        input: Tensor, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO,
        ceil_mode: bool = False, count_include_pad: Values = True, divisor_override: Values = None,
    ) -> Tensor:  # fmt: skip
        return averaged(input, axes, kernel_size, stride, padding, ceil_mode, name)

    rule.__doc__ = page
    names = (f"torch.nn.functional.{name}", "torch.avg_pool1d") if axes == 1 else (f"torch.nn.functional.{name}",)
    op(*names)(rule)


def _lp_pool(axes: int) -> None:
    name = f"lp_pool{axes}d"

    def rule(
        input: Tensor, norm_type: Values, kernel_size: Extent, stride: Extent | None = None, ceil_mode: bool = False
    ) -> Tensor:
        return averaged(input, axes, kernel_size, stride, ZERO, ceil_mode, name)

    rule.__doc__ = (
        "(N, C, *in) -> (N, C, *out), out = (in - k) // stride + 1; stride is k unless given.\n\n"
        f"{PAGE}.functional.{name}.html"
    )
    op(f"torch.nn.functional.{name}")(rule)


for _axes in (1, 2, 3):
    _max_pool(_axes)
    _avg_pool(_axes)
    _lp_pool(_axes)


class MaxPool:
    """(N, C, *in) -> (N, C, *out), out = (in + 2*padding - dilation*(k - 1) - 1) // stride + 1; N may be missing."""

    axes: int

    def __init__(
        self, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO, dilation: Extent = ONE,
        return_indices: bool = False, ceil_mode: bool = False,
    ) -> None:  # fmt: skip
        self.kernel_size, self.padding, self.dilation = kernel_size, padding, dilation
        self.stride = kernel_size if stride is None else stride
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input: Tensor) -> Pooled:
        made = pooled(
            input, self.axes, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode,
            type(self).__name__,
        )  # fmt: skip
        return with_indices(made, self.return_indices)


class AvgPool:
    """(N, C, *in) -> (N, C, *out), out = (in + 2*padding - k) // stride + 1; N may be missing."""

    axes: int

    def __init__(
        self, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO, ceil_mode: bool = False,
        count_include_pad: Values = True, divisor_override: Values = None,
    ) -> None:  # fmt: skip
        self.kernel_size, self.padding, self.ceil_mode = kernel_size, padding, ceil_mode
        self.stride = kernel_size if stride is None else stride
        self.count_include_pad, self.divisor_override = count_include_pad, divisor_override

    def forward(self, input: Tensor) -> Tensor:
        return averaged(
            input, self.axes, self.kernel_size, self.stride, self.padding, self.ceil_mode, type(self).__name__
        )


class LPPool:
    """(N, C, *in) -> (N, C, *out), out = (in - k) // stride + 1; N may be missing."""

    axes: int

    def __init__(
        self, norm_type: Values, kernel_size: Extent, stride: Extent | None = None, ceil_mode: bool = False
    ) -> None:
        self.norm_type, self.kernel_size, self.stride, self.ceil_mode = norm_type, kernel_size, stride, ceil_mode

    def forward(self, input: Tensor) -> Tensor:
        return averaged(input, self.axes, self.kernel_size, self.stride, ZERO, self.ceil_mode, type(self).__name__)


def register_layer(kind: type, axes: int, examples: dict[str, tuple[str, str, str]]) -> None:
    """Register a kind of pool for a number of axes."""
    name = f"{kind.__name__}{axes}d"
    attributes: dict[str, Any] = {"axes": axes, "__doc__": f"{kind.__doc__}\n\n{PAGE}.{name}.html"}
    made = layer(f"torch.nn.{name}")(type(name, (kind,), attributes))
    if name in examples:
        entry_of(made).gives(*examples[name])


EXAMPLES: dict[str, tuple[str, str, str]] = {
    "MaxPool1d": ("k", "(B, C, L)", "(B, C, L//k)"),
    "MaxPool2d": ("3, stride=2, padding=1", "(B, C, H, W)", "(B, C, (H + 1)//2, (W + 1)//2)"),
    "MaxPool3d": ("2, ceil_mode=True", "(B, C, D, H, W)", "(B, C, (D + 1)//2, (H + 1)//2, (W + 1)//2)"),
    "AvgPool1d": ("3, 1, 1", "(B, C, L)", "(B, C, L)"),
    "AvgPool2d": ("2", "(C, H, W)", "(C, H//2, W//2)"),
    "LPPool2d": ("2, 3, 1", "(B, C, H, W)", "(B, C, H - 2, W - 2)"),
}


for _kind in (MaxPool, AvgPool, LPPool):
    for _axes in (1, 2, 3):
        register_layer(_kind, _axes, EXAMPLES)
