"""Pools into a given size, adaptive and fractional ones, and the unpooling that undoes a max pool."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.families.pool import PAGE, Pooled, register_layer, with_indices
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import CannotRun, Trouble, need, need_at_least, need_dtype, need_equal, number, seeing
from shapelint.ops.registry import op
from shapelint.ops.signature import Extent, Sizes, Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.ops.window import (
    ZERO,
    need_not_negative,
    scaled,
    spatial,
    spread,
    strides_of,
)


def adaptive(input: Tensor, axes: int, output_size: Extent | None, operation: str, *, average: bool = False) -> Tensor:
    """(N, C, *in) -> (N, C, *output_size); None keeps an axis."""
    if isinstance(output_size, Unknown):
        output_size = spread(output_size, axes, "output_size")
    if average and axes > 1 and _all_one(output_size, axes):
        input = seeing(input, axes)  # a plain mean over the last dims, whatever the others are
        if input.shape.known:
            need(
                input.rank >= axes, f"the input of {operation} has {input.rank} dims {input.shape}", Trouble.LAYER_INPUT
            )
        return fresh_like(input, input.shape.with_last(*(1,) * axes, dropping=axes))
    input = spatial(input, axes, operation)
    given = output_size if isinstance(output_size, tuple) else (output_size,) * axes
    if len(given) == 1:
        given = given * axes
    need(len(given) == axes, f"output_size has {len(given)} sizes for {axes} axes")
    need(axes > 1 or None not in given, "output_size is None for the only axis")
    for size in (input.shape[-axes - 1], *input.shape[-axes:]):
        need_at_least(size, 1, f"a dim of the input of {operation} is empty {input.shape}", Trouble.LAYER_INPUT)
    out = [size if wanted is None else wanted for wanted, size in zip(given, input.shape[-axes:], strict=True)]
    need_not_negative(tuple(out), "output_size")
    return fresh_like(input, input.shape.with_last(*out, dropping=axes))


def _all_one(output_size: Dim | tuple[Dim | None, ...] | None, axes: int) -> bool:
    given = output_size if isinstance(output_size, tuple) else (output_size,) * axes
    return len(given) == axes and all(size is not None and number(size) == 1 for size in given)


def _adaptive_pool(axes: int) -> None:
    average, greatest = f"adaptive_avg_pool{axes}d", f"adaptive_max_pool{axes}d"

    def mean(input: Tensor, output_size: Extent | None) -> Tensor:
        return adaptive(input, axes, output_size, average, average=True)

    def maximum(input: Tensor, output_size: Extent | None, return_indices: bool = False) -> Pooled:
        return with_indices(adaptive(input, axes, output_size, greatest), return_indices)

    def both(input: Tensor, output_size: Extent | None, return_indices: Values = True) -> Pooled:
        return with_indices(adaptive(input, axes, output_size, greatest), True)

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
        need(not isinstance(output_ratio, float), f"output_ratio is {output_ratio}, not a number for each axis")
        ratios = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * axes
        need(len(ratios) == axes, f"output_ratio has {len(ratios)} numbers for {axes} axes")
        out = tuple(scaled(size, ratio, "output_ratio") for size, ratio in zip(sizes, ratios, strict=True))
    need_not_negative(out, "output_size")
    spare = 1 if axes == 3 else 0  # the kernel for volumes asks for one more
    for size, window, wanted in zip(sizes, kernel, out, strict=True):
        need_at_least(
            size, wanted + window - 1 + spare, f"{wanted} windows of {window} do not fit an axis of {size}",
            Trouble.LAYER_INPUT,
        )  # fmt: skip
    return fresh_like(input, input.shape.with_last(*out, dropping=axes))


def _fractional_pool(axes: int) -> None:
    name = f"fractional_max_pool{axes}d"

    def rule(
        input: Tensor, kernel_size: Extent, output_size: Extent | None = None, output_ratio: Values = None,
        return_indices: bool = False, _random_samples: Values = None,
    ) -> Pooled:  # fmt: skip
        return with_indices(fractional(input, axes, kernel_size, output_size, output_ratio), return_indices)

    def both(
        input: Tensor, kernel_size: Extent, output_size: Extent | None = None, output_ratio: Values = None,
        return_indices: Values = True, _random_samples: Values = None,
    ) -> Pooled:  # fmt: skip
        return with_indices(fractional(input, axes, kernel_size, output_size, output_ratio), True)

    rule.__doc__ = both.__doc__ = (
        "(N, C, *in) -> (N, C, *output_size), or output_ratio of each axis.\n\n"
        f"{PAGE}.{name.title().replace('_', '').replace('2D', '2d').replace('3D', '3d')}.html"
    )
    entry = op(f"torch.nn.functional.{name}")(rule)
    op(f"torch.nn.functional.{name}_with_indices")(both)
    if axes == 2:
        entry.gives("(B, C, H, W), 2, output_ratio=(0.5, 0.5)", "(B, C, H//2, W//2)")
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
    need_dtype(indices, ("int64",), "the indices are")
    plain = [
        (size - 1) * step - 2 * pad + window
        for size, window, step, pad in zip(input.shape[-axes:], kernel, strides, paddings, strict=True)
    ]
    if output_size is None:
        return fresh_like(input, input.shape.with_last(*plain, dropping=axes))
    wanted = output_size[2:] if len(output_size) == axes + 2 else output_size
    need(len(wanted) == axes, f"output_size has {len(wanted)} sizes for {axes} axes")
    for size, usual, step in zip(wanted, plain, strides, strict=True):
        text = f"output_size {size} is not between {usual - step} and {usual + step}"
        need_at_least(size, usual - step + 1, text)
        need_at_least(usual + step - 1, size, text)
    return fresh_like(input, input.shape.with_last(*wanted, dropping=axes))


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
        entry.gives("(B, C, H, W), int64 (B, C, H, W), 2", "(B, C, 2*H, 2*W)")
        entry.fails(
            "(2, 3, 4, 4), int64 (2, 3, 4, 4), 2, output_size=(10, 9)", "output_size 10 is not between 6 and 10"
        )


for _axes in (1, 2, 3):
    _adaptive_pool(_axes)
    _unpool(_axes)
    if _axes > 1:
        _fractional_pool(_axes)


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
        return with_indices(adaptive(input, self.axes, self.output_size, type(self).__name__), self.return_indices)


class FractionalMaxPool:
    """(N, C, *in) -> (N, C, *output_size), or output_ratio of each axis; N may be missing."""

    axes: int

    def __init__(
        self, kernel_size: Extent, output_size: Extent | None = None, output_ratio: Values = None,
        return_indices: bool = False, _random_samples: Values = None,
    ) -> None:  # fmt: skip
        need((output_size is None) != (output_ratio is None), "one of output_size and output_ratio must be given")
        plain = isinstance(output_ratio, (tuple, list)) or output_ratio is None
        ratios = output_ratio if plain else (output_ratio,) * self.axes
        for ratio in ratios or ():
            if isinstance(ratio, (int, float)) and not 0 < ratio < 1:
                raise CannotRun(f"output_ratio {ratio} is not between 0 and 1")
        self.kernel_size, self.return_indices = spread(kernel_size, self.axes, "kernel_size"), return_indices
        self.output_size, self.output_ratio = output_size, ratios

    def forward(self, input: Tensor) -> Pooled:
        made = fractional(input, self.axes, self.kernel_size, self.output_size, self.output_ratio)
        return with_indices(made, self.return_indices)


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
    "AdaptiveAvgPool2d": ("(1, None)", "(B, C, H, W)", "(B, C, 1, W)"),
    "AdaptiveMaxPool1d": ("n", "(B, C, L)", "(B, C, n)"),
    "FractionalMaxPool2d": ("3, output_size=(5, 4)", "(B, C, H, W)", "(B, C, 5, 4)"),
    "MaxUnpool2d": ("2", "(B, C, H, W), int64 (B, C, H, W)", "(B, C, 2*H, 2*W)"),
}


for _kind in (AdaptiveAvgPool, AdaptiveMaxPool, FractionalMaxPool, MaxUnpool):
    for _axes in (1, 2, 3):
        if _kind is not FractionalMaxPool or _axes > 1:
            register_layer(_kind, _axes, EXAMPLES)
