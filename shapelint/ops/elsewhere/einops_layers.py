"""einops: the layers Rearrange, Reduce and EinMix."""

from __future__ import annotations

from shapelint.dims import Dim, product
from shapelint.ops.elsewhere.einops import (
    around_run,
    axis_sizes,
    laid_out,
    none_of,
    pattern_text,
    reduction_named,
    size_of,
    transformed,
    written_out,
)
from shapelint.ops.elsewhere.einops_pattern import DOTS, Side, side, two_sides, wrong
from shapelint.ops.needs import Trouble, need
from shapelint.ops.registry import layer
from shapelint.ops.signature import Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.shapes import Shape


@layer("einops.layers.torch.Rearrange")
class Rearrange:
    """(b, c, h*p) by 'b c (h p) -> b (c h) p', p=p -> (b, c*h, p). https://einops.rocks/api/rearrange/"""

    def __init__(self, pattern: Values, **axes_lengths: Values) -> None:
        self.pattern, self.axes_lengths = pattern_text(pattern), axes_lengths
        two_sides(self.pattern)

    def forward(self, input: Tensor) -> Tensor:
        return transformed("rearrange", input, self.pattern, self.axes_lengths)


@layer("einops.layers.torch.Reduce")
class Reduce:
    """(b, c, h, w) by 'b c h w -> b c' -> (b, c). https://einops.rocks/api/reduce/"""

    def __init__(self, pattern: Values, reduction: Values, **axes_lengths: Values) -> None:
        self.pattern, self.reduction, self.axes_lengths = (
            pattern_text(pattern),
            reduction_named(reduction),
            axes_lengths,
        )
        two_sides(self.pattern)

    def forward(self, input: Tensor) -> Tensor:
        return transformed(self.reduction, input, self.pattern, self.axes_lengths)


@layer("einops.layers.torch.EinMix")
class EinMix:
    """(b, t, c) by 'b t c -> b t k', weight 'c k', c=c, k=k -> (b, t, k): einsum with a weight of its own.

    https://einops.rocks/3-einmix-layer/
    """

    def __init__(
        self, pattern: Values, weight_shape: Values, bias_shape: Values = None, **axes_lengths: Values
    ) -> None:
        self.pattern = pattern_text(pattern)
        self.left, self.right = two_sides(self.pattern)
        self.sizes = {name: size_of(name, value) for name, value in axes_lengths.items()}
        axes = side(pattern_text(weight_shape))
        for each in (self.left, self.right, axes):
            if each.has_numbers:
                raise wrong(f"EinMix takes no numbers as axes: {each.text!r}")
        if axes.has_dots or any(len(group) != 1 for group in axes.groups):
            raise wrong(f"the shape of the weight {axes.text!r} must be plain names")
        if self.left.has_dots != self.right.has_dots or self.left.dots_in_brackets:
            raise wrong(f"'...' must stand on both sides of {self.pattern!r}, on the left without brackets")
        none_of(self.right.names - self.left.names - axes.names, f"on the right of {self.pattern!r} only")
        none_of(axes.names - set(self.sizes), "axes of the weight without a size")
        none_of(set(self.sizes) - self.left.names - axes.names, f"given a size, but not named in {self.pattern!r}")
        none_of(axes.names - self.left.names - self.right.names, "axes of the weight that are nowhere else")
        self.weight = Tensor(Shape(tuple(self.sizes[name] for name in axes.axes)), "contiguous", "float32")
        self.bias = None if bias_shape is None else self._bias(side(pattern_text(bias_shape)))

    def _bias(self, axes: Side) -> Tensor:
        none_of(axes.names - self.right.names, "axes of the bias that are not in the result")
        none_of(axes.names - set(self.sizes), "axes of the bias without a size")
        sizes: list[Dim] = []
        for axis in self.right.axes:
            if axis == DOTS:
                need(all(size is ONE for size in sizes), "axes of the bias before '...'", Trouble.PATTERN)
            else:
                sizes.append(self.sizes[axis] if axis in axes.names else ONE)
        return Tensor(Shape(tuple(sizes)), "contiguous", "float32")

    def forward(self, input: Tensor) -> Tensor:
        given = {name: size for name, size in self.sizes.items() if name in self.left.names}
        if not input.shape.known and self.left.has_dots:
            return around_run("einmix", input, self.left, self.right, self.sizes, self.pattern)
        tensor, groups = laid_out(input, self.left, self.pattern)
        sizes = {**self.sizes, **axis_sizes(tensor, groups, given, self.pattern)}
        into = written_out(self.right, [axis for group in groups for axis in group])
        out = tuple(product(sizes[axis] for axis in group) for group in into)
        return Tensor(Shape(out), None, input.dtype, input.device)
