"""Pools: max, average, Lp, adaptive and fractional ones, and the unpooling that undoes a max pool."""

from __future__ import annotations

from typing import Any, TypeAlias

from shapelint.dims import Dim, minimum
from shapelint.ops.needs import CannotRun, Trouble, need, need_at_least, need_equal, number, seeing
from shapelint.ops.registry import Op, add, entry_of, layer, op
from shapelint.ops.signature import Extent, Sizes, Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.ops.window import (
    ZERO,
    need_not_negative,
    need_positive,
    scaled,
    slid,
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
    return slid(input, input.shape.with_last(*out, dropping=axes))


def _starts_inside(reach: Dim, step: Dim, pad: Dim) -> bool:
    """Whether a window that ceil_mode adds surely starts before the padding at the end: step + pad <= reach."""
    spare = number(reach - step - pad)
    return spare is not None and spare >= 0


def _need_channels(input: Tensor, axes: int, operation: str) -> None:
    need_at_least(
        input.shape[-axes - 1], 1, f"the input of {operation} has no channels {input.shape}", Trouble.LAYER_INPUT
    )


def _with_indices(output: Tensor, wanted: bool) -> Pooled:
    return (output, output.typed("int64")) if wanted else output


def _max_pool(axes: int) -> None:
    name = f"max_pool{axes}d"

    def rule(
        input: Tensor, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO,
        dilation: Extent = ONE, ceil_mode: bool = False, return_indices: bool = False,
    ) -> Pooled:  # fmt: skip
        made = pooled(input, axes, kernel_size, stride, padding, dilation, ceil_mode, name)
        return _with_indices(made, return_indices)

    def both(
        input: Tensor, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO,
        dilation: Extent = ONE, ceil_mode: bool = False, return_indices: Values = True,
    ) -> Pooled:  # fmt: skip
        made = pooled(input, axes, kernel_size, stride, padding, dilation, ceil_mode, name)
        return _with_indices(made, True)

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


def adaptive(input: Tensor, axes: int, output_size: Extent | None, operation: str, *, average: bool = False) -> Tensor:
    """(N, C, *in) -> (N, C, *output_size); None keeps an axis."""
    if average and axes > 1 and _all_one(output_size):
        input = seeing(input, axes)  # a plain mean over the last dims, whatever the others are
        if input.shape.known:
            need(
                input.rank >= axes, f"the input of {operation} has {input.rank} dims {input.shape}", Trouble.LAYER_INPUT
            )
        return slid(input, input.shape.with_last(*(1,) * axes, dropping=axes))
    input = spatial(input, axes, operation)
    given = output_size if isinstance(output_size, tuple) else (output_size,) * axes
    if len(given) == 1:
        given = given * axes
    need(len(given) == axes, f"output_size has {len(given)} sizes for {axes} axes")
    for size in (input.shape[-axes - 1], *input.shape[-axes:]):
        need_at_least(size, 1, f"a dim of the input of {operation} is empty {input.shape}", Trouble.LAYER_INPUT)
    out = [size if wanted is None else wanted for wanted, size in zip(given, input.shape[-axes:], strict=True)]
    need_not_negative(tuple(out), "output_size")
    return slid(input, input.shape.with_last(*out, dropping=axes))


def _all_one(output_size: Extent | None) -> bool:
    given = output_size if isinstance(output_size, tuple) else (output_size,)
    return len(given) > 0 and all(size is not None and number(size) == 1 for size in given)


def _adaptive_pool(axes: int) -> None:
    average, greatest = f"adaptive_avg_pool{axes}d", f"adaptive_max_pool{axes}d"

    def mean(input: Tensor, output_size: Extent | None) -> Tensor:
        return adaptive(input, axes, output_size, average, average=True)

    def maximum(input: Tensor, output_size: Extent | None, return_indices: bool = False) -> Pooled:
        return _with_indices(adaptive(input, axes, output_size, greatest), return_indices)

    def both(input: Tensor, output_size: Extent | None, return_indices: Values = True) -> Pooled:
        return _with_indices(adaptive(input, axes, output_size, greatest), True)

    for rule, name in ((mean, average), (maximum, greatest), (both, greatest)):
        rule.__doc__ = f"(N, C, *in) -> (N, C, *output_size); None keeps an axis.\n\n{PAGE}.functional.{name}.html"
    entry = op(f"torch.nn.functional.{average}", *(("torch.adaptive_avg_pool1d",) if axes == 1 else ()))(mean)
    op(f"torch.nn.functional.{greatest}")(maximum)
    op(f"torch.nn.functional.{greatest}_with_indices", *(("torch.adaptive_max_pool1d",) if axes == 1 else ()))(both)
    if axes == 2:
        entry.gives("(B, C, H, W), 1", "(B, C, 1, 1)")
        entry.gives("(B, C, H, W), (None, 7)", "(B, C, H, 7)")
        entry.fails("(B, C, H, W), (1, 2, 3)", "output_size has 3 sizes for 2 axes")


def fractional(input: Tensor, axes: int, kernel_size: Extent, output_size: Values, output_ratio: Values) -> Tensor:
    """(N, C, *in) -> (N, C, *output_size), or as many as output_ratio of each axis."""
    name = f"fractional_max_pool{axes}d"
    input = spatial(input, axes, name)
    kernel = spread(kernel_size, axes, "kernel_size")
    need(output_size is not None or output_ratio is not None, f"{name} without output_size and output_ratio")
    sizes = input.shape[-axes:]
    if output_size is not None:
        out = spread(output_size, axes, "output_size")
    else:
        ratios = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * axes
        need(len(ratios) == axes, f"output_ratio has {len(ratios)} numbers for {axes} axes")
        out = tuple(scaled(size, ratio, "output_ratio") for size, ratio in zip(sizes, ratios, strict=True))
    need_positive(out, "output_size")
    spare = 1 if axes == 3 else 0  # the kernel for volumes asks for one more
    for size, window, wanted in zip(sizes, kernel, out, strict=True):
        need_at_least(
            size, wanted + window - 1 + spare, f"{wanted} windows of {window} do not fit an axis of {size}",
            Trouble.LAYER_INPUT,
        )  # fmt: skip
    return slid(input, input.shape.with_last(*out, dropping=axes))


def _fractional_pool(axes: int) -> None:
    name = f"fractional_max_pool{axes}d"

    def rule(
        input: Tensor, kernel_size: Extent, output_size: Extent | None = None, output_ratio: Values = None,
        return_indices: bool = False, _random_samples: Values = None,
    ) -> Pooled:  # fmt: skip
        return _with_indices(fractional(input, axes, kernel_size, output_size, output_ratio), return_indices)

    def both(
        input: Tensor, kernel_size: Extent, output_size: Extent | None = None, output_ratio: Values = None,
        return_indices: Values = True, _random_samples: Values = None,
    ) -> Pooled:  # fmt: skip
        return _with_indices(fractional(input, axes, kernel_size, output_size, output_ratio), True)

    rule.__doc__ = both.__doc__ = (
        "(N, C, *in) -> (N, C, *output_size), or output_ratio of each axis.\n\n"
        f"{PAGE}.{name.title().replace('_', '').replace('2D', '2d').replace('3D', '3d')}.html"
    )
    entry = op(f"torch.nn.functional.{name}")(rule)
    op(f"torch.nn.functional.{name}_with_indices")(both)
    if axes == 2:
        entry.gives("(B, C, H, W), 2, output_ratio=0.5", "(B, C, H//2, W//2)")
        entry.fails("(2, 3, 4, 4), 3, output_size=3", "3 windows of 3 do not fit an axis of 4")


def unpooled(
    input: Tensor, indices: Tensor, axes: int, kernel_size: Extent, stride: Extent | None, padding: Extent,
    output_size: Sizes | None,
) -> Tensor:  # fmt: skip
    """(N, C, *in) -> (N, C, *out), out = (in - 1)*stride - 2*padding + kernel, or output_size within a stride of it."""
    name = f"max_unpool{axes}d"
    input = spatial(input, axes, name)
    kernel = spread(kernel_size, axes, "kernel_size")
    strides, paddings = strides_of(stride, kernel, axes), spread(padding, axes, "padding")
    if input.shape.known and indices.shape.known:
        need(
            input.rank == indices.rank,
            f"the input {input.shape} and the indices {indices.shape} differ in shape",
            Trouble.LAYER_INPUT,
        )
        for a, b in zip(input.shape, indices.shape, strict=True):
            need_equal(a, b, "a size of the input", "that of the indices", Trouble.LAYER_INPUT)
    need(indices.dtype in (None, "int64"), f"the indices are {indices.dtype}, not int64")
    plain = [
        (size - 1) * step - 2 * pad + window
        for size, window, step, pad in zip(input.shape[-axes:], kernel, strides, paddings, strict=True)
    ]
    if output_size is None:
        return slid(input, input.shape.with_last(*plain, dropping=axes))
    wanted = output_size[2:] if len(output_size) == axes + 2 else output_size
    need(len(wanted) == axes, f"output_size has {len(wanted)} sizes for {axes} axes")
    for size, usual, step in zip(wanted, plain, strides, strict=True):
        text = f"output_size {size} is not between {usual - step} and {usual + step}"
        need_at_least(size, usual - step + 1, text)
        need_at_least(usual + step - 1, size, text)
    return slid(input, input.shape.with_last(*wanted, dropping=axes))


def _unpool(axes: int) -> None:
    def rule(
        input: Tensor, indices: Tensor, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO,
        output_size: Sizes | None = None,
    ) -> Tensor:  # fmt: skip
        return unpooled(input, indices, axes, kernel_size, stride, padding, output_size)

    rule.__doc__ = (
        "(N, C, *in), indices -> (N, C, *out), out = (in - 1)*stride - 2*padding + k, or output_size.\n\n"
        f"{PAGE}.functional.max_unpool{axes}d.html"
    )
    entry = op(f"torch.nn.functional.max_unpool{axes}d")(rule)
    if axes == 2:
        entry.gives("(B, C, H, W), (B, C, H, W), 2", "(B, C, 2*H, 2*W)")
        entry.fails("(2, 3, 4, 4), (2, 3, 4, 4), 2, output_size=(10, 9)", "output_size 10 is not between 6 and 10")


for _axes in (1, 2, 3):
    _max_pool(_axes)
    _avg_pool(_axes)
    _lp_pool(_axes)
    _adaptive_pool(_axes)
    _unpool(_axes)
    if _axes > 1:
        _fractional_pool(_axes)


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
        return _with_indices(made, self.return_indices)


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


class AdaptiveAvgPool:
    """(N, C, *in) -> (N, C, *output_size); None keeps an axis, N may be missing."""

    axes: int

    def __init__(self, output_size: Extent | None) -> None:
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        return adaptive(input, self.axes, self.output_size, type(self).__name__, average=True)


class AdaptiveMaxPool:
    """(N, C, *in) -> (N, C, *output_size); None keeps an axis, N may be missing."""

    axes: int

    def __init__(self, output_size: Extent | None, return_indices: bool = False) -> None:
        self.output_size, self.return_indices = output_size, return_indices

    def forward(self, input: Tensor) -> Pooled:
        return _with_indices(adaptive(input, self.axes, self.output_size, type(self).__name__), self.return_indices)


class FractionalMaxPool:
    """(N, C, *in) -> (N, C, *output_size), or output_ratio of each axis; N may be missing."""

    axes: int

    def __init__(
        self, kernel_size: Extent, output_size: Extent | None = None, output_ratio: Values = None,
        return_indices: bool = False, _random_samples: Values = None,
    ) -> None:  # fmt: skip
        need((output_size is None) != (output_ratio is None), "one of output_size and output_ratio must be given")
        ratios = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,)
        for ratio in ratios:
            if isinstance(ratio, (int, float)) and not 0 < ratio < 1:
                raise CannotRun(f"output_ratio {ratio} is not between 0 and 1")
        self.kernel_size, self.return_indices = spread(kernel_size, self.axes, "kernel_size"), return_indices
        self.output_size, self.output_ratio = output_size, output_ratio

    def forward(self, input: Tensor) -> Pooled:
        made = fractional(input, self.axes, self.kernel_size, self.output_size, self.output_ratio)
        return _with_indices(made, self.return_indices)


class MaxUnpool:
    """(N, C, *in), indices -> (N, C, *out), out = (in - 1)*stride - 2*padding + k, or output_size."""

    axes: int

    def __init__(self, kernel_size: Extent, stride: Extent | None = None, padding: Extent = ZERO) -> None:
        self.kernel_size = spread(kernel_size, self.axes, "kernel_size")
        self.stride = strides_of(stride, self.kernel_size, self.axes)
        self.padding = spread(padding, self.axes, "padding")

    def forward(self, input: Tensor, indices: Tensor, output_size: Sizes | None = None) -> Tensor:
        return unpooled(input, indices, self.axes, self.kernel_size, self.stride, self.padding, output_size)


EXAMPLES: dict[str, tuple[str, str, str]] = {
    "MaxPool1d": ("k", "(B, C, L)", "(B, C, L//k)"),
    "MaxPool2d": ("3, stride=2, padding=1", "(B, C, H, W)", "(B, C, (H + 1)//2, (W + 1)//2)"),
    "MaxPool3d": ("2, ceil_mode=True", "(B, C, D, H, W)", "(B, C, (D + 1)//2, (H + 1)//2, (W + 1)//2)"),
    "AvgPool1d": ("3, 1, 1", "(B, C, L)", "(B, C, L)"),
    "AvgPool2d": ("2", "(C, H, W)", "(C, H//2, W//2)"),
    "LPPool2d": ("2, 3, 1", "(B, C, H, W)", "(B, C, H - 2, W - 2)"),
    "AdaptiveAvgPool2d": ("(1, None)", "(B, C, H, W)", "(B, C, 1, W)"),
    "AdaptiveMaxPool1d": ("n", "(B, C, L)", "(B, C, n)"),
    "FractionalMaxPool2d": ("3, output_size=(5, 4)", "(B, C, H, W)", "(B, C, 5, 4)"),
    "MaxUnpool2d": ("2", "(B, C, H, W), (B, C, H, W)", "(B, C, 2*H, 2*W)"),
}


def _register(kind: type, axes: int) -> None:
    name = f"{kind.__name__}{axes}d"
    attributes: dict[str, Any] = {"axes": axes, "__doc__": f"{kind.__doc__}\n\n{PAGE}.{name}.html"}
    made = layer(f"torch.nn.{name}")(type(name, (kind,), attributes))
    if name in EXAMPLES:
        entry_of(made).gives(*EXAMPLES[name])


for _kind in (MaxPool, AvgPool, LPPool, AdaptiveAvgPool, AdaptiveMaxPool, FractionalMaxPool, MaxUnpool):
    for _axes in (1, 2, 3):
        if _kind is not FractionalMaxPool or _axes > 1:
            _register(_kind, _axes)
