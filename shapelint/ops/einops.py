"""einops: rearrange, reduce, repeat, einsum, pack, unpack, parse_shape, and the layers made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapelint.dims import Comparison, Dim, const, polynomial_quotient, product
from shapelint.ops.along import of_rank
from shapelint.ops.axes import reordered
from shapelint.ops.dtypes import floating
from shapelint.ops.einops_pattern import DOTS, Axis, Side, is_number, number_of, side, two_sides, wrong
from shapelint.ops.einsum import Equation, contracted
from shapelint.ops.needs import Trouble, current, need, need_equal
from shapelint.ops.reduce import summed
from shapelint.ops.registry import layer, op
from shapelint.ops.signature import Parameter, Tensors, Values, convert
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.ops.view import regrouped
from shapelint.shapes import NotKnown, Shape

REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")


def _size(name: str, value: Any) -> Dim:
    size: Dim = convert(value, Parameter(name, "Dim", False, None))
    return size


def _pattern(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise NotKnown("the pattern is not a known string")


def _one_tensor(value: Any) -> Tensor:
    """The tensor, or the stack of a list of tensors of one shape."""
    if isinstance(value, (tuple, list)):
        tensors = [convert(each, Parameter("tensor", "Tensor", False, None)) for each in value]
        need(len(tensors) > 0, "a list of no tensors", Trouble.PATTERN)
        first = tensors[0]
        for other in tensors[1:]:
            _need_same(first.shape, other.shape)
        return Tensor(Shape((const(len(tensors)), *first.shape)), "contiguous", first.dtype, first.device)
    tensor: Tensor = convert(value, Parameter("tensor", "Tensor", False, None))
    return tensor


def _need_same(a: Shape, b: Shape) -> None:
    need(len(a) == len(b), f"the tensors {a} and {b} of a list have unlike numbers of dims", Trouble.JOIN)
    for x, y in zip(a, b, strict=True):
        need_equal(x, y, f"a size of {a}", f"that of {b}", Trouble.JOIN)


# -- the sizes of axes -------------------------------------------------------------------------------------------------


def _check_axes(operation: str, left: Side, right: Side, given: Mapping[str, Dim], pattern: str) -> None:
    """What einops checks before it looks at a tensor."""
    if right.has_dots and not left.has_dots:
        raise wrong(f"'...' only on the right of {pattern!r}")
    if left.dots_in_brackets:
        raise wrong(f"'...' within brackets on the left of {pattern!r}")
    if operation == "rearrange":
        if left.has_numbers or right.has_numbers:
            raise wrong(f"rearrange takes no number but 1 as an axis: {pattern!r}")
        _none_of(left.names ^ right.names, f"only on one side of {pattern!r}")
    elif operation == "repeat":
        lost = left.names - right.names | {axis for axis in left.axes if is_number(axis)}
        _none_of(lost, f"on the left of {pattern!r}, but not on its right")
        _none_of(right.names - left.names - set(given), f"without a size in {pattern!r}")
    else:
        new = right.names - left.names | {axis for axis in right.axes if is_number(axis)}
        _none_of(new, f"on the right of {pattern!r}, but not on its left")
    _none_of(set(given) - left.names - right.names, f"given a size, but not in {pattern!r}")


def _none_of(axes: set[Axis], what: str) -> None:
    if axes:
        listed = ", ".join(sorted(axis.partition("@")[0] for axis in axes))
        raise wrong(f"{listed}: {what}")


def _laid_out(tensor: Tensor, left: Side, pattern: str) -> tuple[Tensor, list[tuple[Axis, ...]]]:
    """The tensor with the dims of the left side seen, and a group of axes for each; those under `...` are numbered."""
    groups = list(left.groups)
    if not left.has_dots:
        names = tuple(group[0] if len(group) == 1 else "n" for group in groups)
        tensor = of_rank(tensor, len(groups), names)
        if not tensor.shape.known or tensor.rank != len(groups):
            count = tensor.shape.least_rank
            raise wrong(f"{left.text!r} has {len(groups)} dims, the tensor {tensor.shape} has {count}")
        return tensor, groups
    others, at = len(groups) - 1, groups.index((DOTS,))
    if tensor.rank < others:
        raise wrong(f"{left.text!r} has at least {others} dims, the tensor {tensor.shape} has {tensor.rank}")
    return tensor, [*groups[:at], *((axis,) for axis in _dotted(tensor.rank - others)), *groups[at + 1 :]]


def _dotted(count: int) -> tuple[Axis, ...]:
    """The axes that `...` stands for."""
    return tuple(f"{DOTS}{i}" for i in range(count))


def _axis_sizes(
    tensor: Tensor, groups: list[tuple[Axis, ...]], given: Mapping[str, Dim], pattern: str
) -> dict[Axis, Dim]:
    """The size of each axis on the left. Raises CannotRun; records what must be equal or divide."""
    sizes: dict[Axis, Dim] = {}
    for dim, group in zip(tensor.shape.dims, groups, strict=True):
        known = {axis: const(number_of(axis)) if is_number(axis) else given[axis] for axis in group
                 if is_number(axis) or axis in given}  # fmt: skip
        missing = [axis for axis in group if axis not in known]
        if len(missing) > 1:
            raise wrong(f"the sizes of {' and '.join(missing)} cannot be told from ({' '.join(group)}) in {pattern!r}")
        sizes.update(known)
        total = product(known.values())
        text = " ".join(axis.partition("@")[0] for axis in group)
        if missing:
            sizes[missing[0]] = dim if not known else _part(dim, total, text, tensor)
        else:
            need_equal(dim, total, f"a dim of {tensor.shape}", f"({text}) in {pattern!r}", Trouble.PATTERN)
    return sizes


def _part(whole: Dim, known: Dim, text: str, tensor: Tensor) -> Dim:
    """What is left of a dim when it is divided among the axes of a group."""
    facts = current().facts
    for a, b in ((whole, known), (facts.normalize(whole), facts.normalize(known))):
        exact = polynomial_quotient(a, b)
        if exact is not None:
            return exact
    if not facts.holds_divides(known, whole):
        if facts.compare(whole % known, 0) is Comparison.NEVER:
            raise wrong(f"({text}): {whole} of {tensor.shape} does not divide by {known}")
        current().assume_divides(known, whole)
    return whole // known


# -- one transformation ------------------------------------------------------------------------------------------------


def _transformed(operation: str, tensor: Tensor, pattern: str, lengths: Mapping[str, Any]) -> Tensor:
    """`left -> right`: the dims are split, dropped by a reduction, reordered, repeated and merged, in this order."""
    given = {name: _size(name, value) for name, value in lengths.items()}
    left, right = two_sides(pattern)
    _check_axes(operation, left, right, given, pattern)
    if not tensor.shape.known and left.has_dots:
        return _around_run(operation, tensor, left, right, given, pattern)
    tensor, groups = _laid_out(tensor, left, pattern)
    sizes = _axis_sizes(tensor, groups, given, pattern)
    axes = [axis for group in groups for axis in group]
    return _steps(operation, tensor, axes, _written_out(right, axes), sizes | given)


def _written_out(right: Side, axes: list[Axis]) -> list[tuple[Axis, ...]]:
    """The groups of the right side with the axes that `...` stands for."""
    dots = tuple(axis for axis in axes if axis.startswith(DOTS))
    groups: list[tuple[Axis, ...]] = []
    for place, group in enumerate(right.groups):
        if place == right.dots_at:
            groups.extend((axis,) for axis in dots)
        else:
            groups.append(tuple(other for axis in group for other in (dots if axis == DOTS else (axis,))))
    return groups


def _steps(
    operation: str, tensor: Tensor, axes: list[Axis], into: list[tuple[Axis, ...]], sizes: Mapping[Axis, Dim]
) -> Tensor:
    split = regrouped(tensor, tuple(sizes[axis] for axis in axes), copying=True)
    target = [axis for group in into for axis in group]
    if any(axis not in target for axis in axes):
        kept = Shape(tuple(sizes[axis] for axis in target))
        moved = Tensor(kept, "contiguous", _reduced_dtype(operation, tensor.dtype), tensor.device)
    else:
        moved = reordered(split, tuple(axes.index(axis) for axis in target if axis in axes))
    for at, axis in enumerate(target):
        if axis not in axes:
            moved = _with_repeats(moved, at, _of(axis, sizes))
    merged = regrouped(moved, tuple(product(_of(axis, sizes) for axis in group) for group in into), copying=True)
    return Tensor(merged.shape, merged.layout, merged.dtype, merged.device, _expanded(merged))


def _of(axis: Axis, sizes: Mapping[Axis, Dim]) -> Dim:
    return const(number_of(axis)) if is_number(axis) else sizes[axis]


def _expanded(tensor: Tensor) -> bool:
    return tensor.expanded and tensor.layout != "contiguous"


def _with_repeats(tensor: Tensor, at: int, size: Dim) -> Tensor:
    """The same elements `size` times along a new dim, without a copy."""
    sizes, strides = tensor.shape.dims, tensor.strides
    layout = None if strides is None else (*strides[:at], const(0), *strides[at:])
    shape = Shape((*sizes[:at], size, *sizes[at:]))
    return Tensor(shape, layout, tensor.dtype, tensor.device, expanded=True)


def _reduced_dtype(operation: str, dtype: str | None) -> str | None:
    if operation in ("sum", "prod"):
        return summed(dtype)
    if operation in ("any", "all"):
        return "bool"
    return floating(dtype) if operation == "mean" else dtype if operation in ("min", "max") else None


def _around_run(
    operation: str, tensor: Tensor, left: Side, right: Side, given: Mapping[str, Dim], pattern: str
) -> Tensor:
    """A pattern with `...` on a tensor of an unknown number of dims: what is beside the `...` is worked out alone."""
    shape, at = tensor.shape, left.groups.index((DOTS,))
    before, after = at, len(left.groups) - at - 1
    kept_alone = (DOTS,) in right.groups
    if before > len(shape.front) or after > len(shape.back) or (right.has_dots and not kept_alone):
        raise NotKnown("the number of dims is not known")
    last = len(shape.back) - after
    seen = Tensor(Shape(shape.front[:before] + shape.back[last:]), None, tensor.dtype, tensor.device)
    groups = [group for group in left.groups if group != (DOTS,)]
    sizes = _axis_sizes(seen, groups, given, pattern)
    found = {axis: _of(axis, {**sizes, **given}) for axis in (*left.axes, *right.axes) if axis != DOTS}
    into = [product(found[axis] for axis in group) for group in right.groups if group != (DOTS,)]
    dtype = _reduced_dtype(operation, tensor.dtype) if operation in (*REDUCTIONS, "reduce") else tensor.dtype
    place = right.dots_at
    if place is None:
        return Tensor(Shape(tuple(into)), "contiguous", dtype, tensor.device)
    new = Shape((*into[:place], *shape.front[before:]), shape.run, (*shape.back[:last], *into[place:]))
    return Tensor(new, None, dtype, tensor.device)


# -- the functions -----------------------------------------------------------------------------------------------------


@op("einops.rearrange", "einops.einops.rearrange")
def rearrange(tensor: Values, pattern: Values, **axes_lengths: Values) -> Tensor:
    """(b, c, h*p) by 'b c (h p) -> b (c h) p', p=p -> (b, c*h, p): axes split, reordered and merged.

    https://einops.rocks/api/rearrange/
    """
    return _transformed("rearrange", _one_tensor(tensor), _pattern(pattern), axes_lengths)


rearrange.gives("(B, C, H, W), 'b c h w -> b (h w) c'", "(B, H*W, C)")
rearrange.gives("(B, L, 8*d), 'b l (h d) -> b h l d', h=8", "(B, 8, L, d)")
rearrange.gives("(B, C, H, W), 'b ... -> b (...)'", "(B, C*H*W)")
rearrange.gives("(B, L, D), 'b l (h d) -> b h l d', h=4", "(B, 4, L, D//4)")
rearrange.gives("(B, 1, L), 'b 1 l -> b l'", "(B, L)")
rearrange.fails("(B, C, H, W), 'b c h -> b c h'", "'b c h' has 3 dims, the tensor (B, C, H, W) has 4")
rearrange.fails("(B, C, 7), 'b c (h p) -> b c h p', p=2", "(h p): 7 of (B, C, 7) does not divide by 2")
rearrange.fails("(B, C, H), 'b 1 c h'", "has no '->'")
rearrange.fails("(B, C, H), 'b c h -> b c w'", "h, w: only on one side")


@op("einops.reduce", "einops.einops.reduce")
def reduce(tensor: Values, pattern: Values, reduction: Values, **axes_lengths: Values) -> Tensor:
    """(b, c, h, w) by 'b c h w -> b c' -> (b, c): the axes that are not on the right are reduced.

    https://einops.rocks/api/reduce/
    """
    return _transformed(_reduction(reduction), _one_tensor(tensor), _pattern(pattern), axes_lengths)


def _reduction(reduction: Values) -> str:
    if not isinstance(reduction, str):
        return "reduce"
    if reduction not in REDUCTIONS:
        raise wrong(f"the reduction {reduction!r}, not one of {', '.join(REDUCTIONS)}")
    return reduction


reduce.gives("(B, C, H, W), 'b c h w -> b c', 'mean'", "(B, C)")
reduce.gives("(B, C, 2*h, 2*w), 'b c (h 2) (w 2) -> b c h w', 'max'", "(B, C, h, w)")
reduce.gives("(B, C, H), 'b c h -> b () h', 'sum'", "(B, 1, H)")
reduce.fails("(B, C), 'b c -> b d', 'sum'", "d: on the right of 'b c -> b d', but not on its left")
reduce.fails("(B, C), 'b c -> b', 'average'", "the reduction 'average'")


@op("einops.repeat", "einops.einops.repeat")
def repeat(tensor: Values, pattern: Values, **axes_lengths: Values) -> Tensor:
    """(h, w) by 'h w -> h (w r)', r=r -> (h, w*r): the axes that are not on the left are new.

    https://einops.rocks/api/repeat/
    """
    return _transformed("repeat", _one_tensor(tensor), _pattern(pattern), axes_lengths)


repeat.gives("(h, w), 'h w -> b h w', b=B", "(B, h, w)")
repeat.gives("(h, w), 'h w -> h (w 2)'", "(h, 2*w)")
repeat.fails("(h, w), 'h w -> h w r'", "r: without a size in 'h w -> h w r'")


@op("einops.einsum", "einops.einops.einsum")
def einsum(*tensors_and_pattern: Values) -> Tensor:
    """(b, i, k), (b, k, j) by 'b i k, b k j -> b i j' -> (b, i, j).

    https://einops.rocks/api/einsum/
    """
    need(len(tensors_and_pattern) >= 2, "a pattern and a tensor at least are needed", Trouble.PATTERN)
    pattern = _pattern(tensors_and_pattern[-1])
    parts = pattern.split("->")
    if len(parts) != 2:
        raise wrong(f"the pattern {pattern!r} has {'no' if len(parts) == 1 else 'more than one'} '->'")
    sides = [side(part, underscore=True, duplicates=True) for part in (*parts[0].split(","), parts[1])]
    for each in sides:
        if each.has_numbers or any(len(group) != 1 for group in each.groups):
            raise wrong(f"einsum takes neither brackets nor numbers: {each.text!r}")
    known = {axis for each in sides[:-1] for axis in each.axes}
    _none_of(set(sides[-1].axes) - known - {DOTS}, f"on the right of {pattern!r}, but not on its left")
    equation = Equation(tuple(each.axes for each in sides[:-1]), sides[-1].axes)
    tensors = [convert(each, Parameter("tensor", "Tensor", False, None)) for each in tensors_and_pattern[:-1]]
    return contracted(equation, tensors)


einsum.gives("(B, L, D), (E, D), 'b l d, e d -> b l e'", "(B, L, E)")
einsum.fails("(2, 3), (4, 5), 'i j, j k -> i k'", "j is 3 in (2, 3), but 4 in (4, 5)")
einsum.fails("(2, 3), 'i j'", "has no '->'")


def _packing(pattern: str) -> tuple[int, int]:
    """How many dims stand before the `*` of 'b * c', and after it. Raises CannotRun."""
    axes = pattern.split()
    if len(set(axes)) != len(axes):
        raise wrong(f"an axis stands twice in {pattern!r}")
    if "*" not in axes:
        raise wrong(f"no * among the axes of {pattern!r}")
    for axis in axes:
        if axis != "*":
            side(axis)
    at = axes.index("*")
    return at, len(axes) - at - 1


@op("einops.pack", "einops.packing.pack")
def pack(tensors: Tensors, pattern: Values) -> tuple[Tensor, list[tuple[Dim, ...]]]:
    """(b, *s1, c), (b, *s2, c) by 'b * c' -> (b, prod(s1) + prod(s2), c), and [s1, s2].

    https://einops.rocks/api/pack_unpack/
    """
    before, after = _packing(_pattern(pattern))
    need(len(tensors) > 0, "a list of no tensors", Trouble.JOIN)
    packed, total = [], const(0)
    first = tensors[0]
    for tensor in tensors:
        sizes = tensor.shape.dims
        if len(sizes) < before + after:
            raise wrong(f"{pattern!r} has at least {before + after} dims, the tensor {tensor.shape} has {len(sizes)}")
        last = len(sizes) - after
        _need_same(Shape(first.shape[:before] + first.shape[len(first.shape) - after :]),
                   Shape(sizes[:before] + sizes[last:]))  # fmt: skip
        packed.append(sizes[before:last])
        total = total + product(sizes[before:last])
    ends = first.shape[len(first.shape) - after :]
    return first.made(Shape((*first.shape[:before], total, *ends))), packed


pack.gives("[(B, L, D), (B, D)], 'b * d'", "(B, L + 1, D)")
pack.fails("[(B, L, D), (D,)], 'b * d'", "has at least 2 dims, the tensor (D,) has 1")


@op("einops.unpack", "einops.packing.unpack")
def unpack(tensor: Tensor, packed_shapes: Values, pattern: Values) -> list[Tensor]:
    """(b, prod(s1) + prod(s2), c), [s1, s2] by 'b * c' -> (b, *s1, c), (b, *s2, c); one shape may hold a -1.

    https://einops.rocks/api/pack_unpack/
    """
    before, after = _packing(_pattern(pattern))
    rank = before + 1 + after
    tensor = of_rank(tensor, rank)
    if tensor.shape.least_rank != rank or not tensor.shape.known:
        raise wrong(f"{pattern!r} has {rank} dims, the tensor {tensor.shape} has {tensor.shape.least_rank}")
    shapes = _packed_shapes(packed_shapes)
    whole = tensor.shape[before]
    counts = [product(shape) for shape in shapes if not _has_rest(shape)]
    used = sum(counts, const(0))
    open_shapes = [shape for shape in shapes if _has_rest(shape)]
    need(len(open_shapes) <= 1, "more than one -1 among the packed shapes", Trouble.PATTERN)
    if not open_shapes:
        need_equal(used, whole, "the number of packed elements", f"dim {before} of {tensor.shape}", Trouble.PATTERN)
    results = []
    for shape in shapes:
        sizes = shape
        if _has_rest(shape):
            rest = _part(whole - used, product(size for size in shape if size.value != -1), pattern, tensor)
            sizes = tuple(rest if size.value == -1 else size for size in shape)
        full = Shape((*tensor.shape[:before], *sizes, *tensor.shape[before + 1 :]))
        results.append(Tensor(full, None, tensor.dtype, tensor.device))
    return results


def _has_rest(shape: Sequence[Dim]) -> bool:
    return any(size.value == -1 for size in shape)


def _packed_shapes(value: Values) -> list[tuple[Dim, ...]]:
    if not isinstance(value, (tuple, list)):
        raise NotKnown("the packed shapes are not known")
    shapes: list[tuple[Dim, ...]] = []
    for each in value:
        if isinstance(each, Unknown):
            raise NotKnown("a packed shape is not known")
        shapes.append(convert(each, Parameter("packed_shapes", "Sizes", False, None)))
    return shapes


unpack.gives("(B, L + 1, D), [(L,), ()], 'b * d'", "(B, L, D), (B, D)")
unpack.fails("(2, 7, 3), [(2,), (4,)], 'b * d'", "the number of packed elements is 6, dim 1 of (2, 7, 3) is 7")


@op("einops.parse_shape", "einops.einops.parse_shape")
def parse_shape(x: Tensor, pattern: Values) -> dict[str, Dim]:
    """(b, c, h, w) by 'b c _ w' -> {'b': b, 'c': c, 'w': w}. https://einops.rocks/api/parse_shape/"""
    read = side(_pattern(pattern), underscore=True)
    tensor, groups = _laid_out(x, read, _pattern(pattern))
    named = zip(groups, tensor.shape.dims, strict=True)
    return {group[0]: size for group, size in named if len(group) == 1 and group[0].isidentifier() and group[0] != "_"}


parse_shape.fails("(2, 3), 'b c h'", "'b c h' has 3 dims, the tensor (2, 3) has 2")


@op("einops.asnumpy", "einops.einops.asnumpy")
def asnumpy(tensor: Tensor) -> Tensor:
    """(*) -> (*), as an array of NumPy. https://einops.rocks/api/asnumpy/"""
    return tensor


# -- the layers --------------------------------------------------------------------------------------------------------


@layer("einops.layers.torch.Rearrange")
class Rearrange:
    """(b, c, h*p) by 'b c (h p) -> b (c h) p', p=p -> (b, c*h, p). https://einops.rocks/api/rearrange/"""

    def __init__(self, pattern: Values, **axes_lengths: Values) -> None:
        self.pattern, self.axes_lengths = _pattern(pattern), axes_lengths
        two_sides(self.pattern)

    def forward(self, input: Tensor) -> Tensor:
        return _transformed("rearrange", input, self.pattern, self.axes_lengths)


@layer("einops.layers.torch.Reduce")
class Reduce:
    """(b, c, h, w) by 'b c h w -> b c' -> (b, c). https://einops.rocks/api/reduce/"""

    def __init__(self, pattern: Values, reduction: Values, **axes_lengths: Values) -> None:
        self.pattern, self.reduction, self.axes_lengths = _pattern(pattern), _reduction(reduction), axes_lengths
        two_sides(self.pattern)

    def forward(self, input: Tensor) -> Tensor:
        return _transformed(self.reduction, input, self.pattern, self.axes_lengths)


@layer("einops.layers.torch.EinMix")
class EinMix:
    """(b, t, c) by 'b t c -> b t k', weight 'c k', c=c, k=k -> (b, t, k): einsum with a weight of its own.

    https://einops.rocks/3-einmix-layer/
    """

    def __init__(
        self, pattern: Values, weight_shape: Values, bias_shape: Values = None, **axes_lengths: Values
    ) -> None:
        self.pattern = _pattern(pattern)
        self.left, self.right = two_sides(self.pattern)
        self.sizes = {name: _size(name, value) for name, value in axes_lengths.items()}
        axes = side(_pattern(weight_shape))
        for each in (self.left, self.right, axes):
            if each.has_numbers:
                raise wrong(f"EinMix takes no numbers as axes: {each.text!r}")
        if axes.has_dots or any(len(group) != 1 for group in axes.groups):
            raise wrong(f"the shape of the weight {axes.text!r} must be plain names")
        if self.left.has_dots != self.right.has_dots or self.left.dots_in_brackets:
            raise wrong(f"'...' must stand on both sides of {self.pattern!r}, on the left without brackets")
        _none_of(self.right.names - self.left.names - axes.names, f"on the right of {self.pattern!r} only")
        _none_of(axes.names - set(self.sizes), "axes of the weight without a size")
        _none_of(set(self.sizes) - self.left.names - axes.names, f"given a size, but not in {self.pattern!r}")
        _none_of(axes.names - self.left.names - self.right.names, "axes of the weight that are nowhere else")
        self.weight = Tensor(Shape(tuple(self.sizes[name] for name in axes.axes)), "contiguous", "float32")
        self.bias = None if bias_shape is None else self._bias(side(_pattern(bias_shape)))

    def _bias(self, axes: Side) -> Tensor:
        _none_of(axes.names - self.right.names, "axes of the bias that are not in the result")
        _none_of(axes.names - set(self.sizes), "axes of the bias without a size")
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
            return _around_run("einmix", input, self.left, self.right, self.sizes, self.pattern)
        tensor, groups = _laid_out(input, self.left, self.pattern)
        sizes = {**self.sizes, **_axis_sizes(tensor, groups, given, self.pattern)}
        into = _written_out(self.right, [axis for group in groups for axis in group])
        out = tuple(product(sizes[axis] for axis in group) for group in into)
        return Tensor(Shape(out), None, input.dtype, input.device)
