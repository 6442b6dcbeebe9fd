"""einops: rearrange, reduce, repeat, einsum, parse_shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapelint.dims import Dim, const, polynomial_quotient, product
from shapelint.ops.along import elements_of, ends_seen, of_rank
from shapelint.ops.dtypes import floating
from shapelint.ops.elsewhere.einops_pattern import DOTS, Axis, Side, is_number, number_of, side, two_sides, wrong
from shapelint.ops.elsewhere.numpy_array import as_array
from shapelint.ops.families.axes import reordered
from shapelint.ops.families.einsum import Equation, contracted
from shapelint.ops.families.reduce import summed
from shapelint.ops.families.view import regrouped
from shapelint.ops.needs import CannotRun, Trouble, current, need, need_equal
from shapelint.ops.registry import op
from shapelint.ops.signature import Parameter, Values, convert
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")


def size_of(name: str, value: Any) -> Dim:
    size: Dim = convert(value, Parameter(name, "Dim", False, None))
    return size


def pattern_text(value: Any) -> str:
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
            need_same_list(first.shape, other.shape)
        return Tensor(Shape((const(len(tensors)), *first.shape)), "contiguous", first.dtype, first.device)
    tensor: Tensor = convert(value, Parameter("tensor", "Tensor", False, None))
    return tensor


def need_same_list(a: Shape, b: Shape) -> None:
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
        none_of(left.names ^ right.names, f"only on one side of {pattern!r}")
    elif operation == "repeat":
        lost = left.names - right.names | {axis for axis in left.axes if is_number(axis)}
        none_of(lost, f"on the left of {pattern!r}, but not on its right")
        none_of(right.names - left.names - set(given), f"without a size in {pattern!r}")
    else:
        new = right.names - left.names | {axis for axis in right.axes if is_number(axis)}
        none_of(new, f"on the right of {pattern!r}, but not on its left")
    none_of(set(given) - left.names - right.names, f"given a size, but not named in {pattern!r}")


def none_of(axes: set[Axis], what: str) -> None:
    if axes:
        listed = ", ".join(sorted(axis.partition("@")[0] for axis in axes))
        raise wrong(f"{listed} {'is' if len(axes) == 1 else 'are'} {what}")


def laid_out(tensor: Tensor, left: Side, pattern: str) -> tuple[Tensor, list[tuple[Axis, ...]]]:
    """The tensor with the dims of the left side seen, and a group of axes for each; those under `...` are numbered."""
    groups = list(left.groups)
    if not left.has_dots:
        tensor = of_rank(tensor, len(groups))  # a letter of a pattern names an axis, not a size that is kept apart
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


def axis_sizes(
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
            sizes[missing[0]] = dim if not known else part_of(dim, total, text, tensor)
        else:
            need_equal(dim, total, f"a dim of {tensor.shape}", f"({text}) in {pattern!r}", Trouble.PATTERN)
    return sizes


def part_of(whole: Dim, known: Dim, text: str, tensor: Tensor) -> Dim:
    """What is left of a dim when it is divided among the axes of a group."""
    facts = current().facts
    for a, b in ((whole, known), (facts.normalize(whole), facts.normalize(known))):
        exact = polynomial_quotient(a, b)
        if exact is not None:
            return exact
    if not facts.holds_divides(known, whole):
        if facts.equality(whole % known, 0) is False:
            raise wrong(f"({text}): {whole} of {tensor.shape} does not divide by {known}")
        current().assume_divides(known, whole)
    return whole // known


# -- one transformation ------------------------------------------------------------------------------------------------


def transformed(operation: str, tensor: Tensor, pattern: str, lengths: Mapping[str, Any]) -> Tensor:
    """`left -> right`: the dims are split, dropped by a reduction, reordered, repeated and merged, in this order."""
    given = {name: size_of(name, value) for name, value in lengths.items()}
    left, right = two_sides(pattern)
    _check_axes(operation, left, right, given, pattern)
    if not tensor.shape.known and left.has_dots:
        return around_run(operation, tensor, left, right, given, pattern)
    tensor, groups = laid_out(tensor, left, pattern)
    sizes = axis_sizes(tensor, groups, given, pattern)
    axes = [axis for group in groups for axis in group]
    return _steps(operation, tensor, axes, written_out(right, axes), sizes | given)


def written_out(right: Side, axes: list[Axis]) -> list[tuple[Axis, ...]]:
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


def around_run(
    operation: str, tensor: Tensor, left: Side, right: Side, given: Mapping[str, Dim], pattern: str
) -> Tensor:
    """A pattern with `...` on a tensor of an unknown number of dims: what is beside the `...` is worked out alone."""
    at = left.groups.index((DOTS,))
    before, after = at, len(left.groups) - at - 1
    names = tuple(group[0] if len(group) == 1 else "n" for group in left.groups)
    tensor = ends_seen(tensor, before, after, (names[:at], names[at + 1 :]))
    shape = tensor.shape
    last = len(shape.back) - after
    seen = Tensor(Shape(shape.front[:before] + shape.back[last:]), None, tensor.dtype, tensor.device)
    groups = [group for group in left.groups if group != (DOTS,)]
    sizes = {**axis_sizes(seen, groups, given, pattern), **given}
    if shape.run is not None:
        sizes[DOTS] = product((*shape.front[before:], elements_of(shape.run), *shape.back[:last]))
    place = right.dots_at
    into = [product(_of(axis, sizes) for axis in group) for at, group in enumerate(right.groups) if at != place]
    dtype = _reduced_dtype(operation, tensor.dtype) if operation in (*REDUCTIONS, "reduce") else tensor.dtype
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
    return transformed("rearrange", _one_tensor(tensor), pattern_text(pattern), axes_lengths)


rearrange.gives("(B, C, H, W), 'b c h w -> b (h w) c'", "(B, H*W, C)")
rearrange.gives("(B, L, 8*d), 'b l (h d) -> b h l d', h=8", "(B, 8, L, d)")
rearrange.gives("(B, C, H, W), 'b ... -> b (...)'", "(B, C*H*W)")
rearrange.gives("(B, L, D), 'b l (h d) -> b h l d', h=4", "(B, 4, L, D//4)")
rearrange.gives("(B, 1, L), 'b 1 l -> b l'", "(B, L)")
rearrange.fails("(B, C, H, W), 'b c h -> b c h'", "'b c h' has 3 dims, the tensor (B, C, H, W) has 4")
rearrange.fails("(B, C, 7), 'b c (h p) -> b c h p', p=2", "(h p): 7 of (B, C, 7) does not divide by 2")
rearrange.fails("(B, C, H), 'b 1 c h'", "has no '->'")
rearrange.fails("(B, C, H), 'b c h -> b c w'", "h, w are only on one side")


@op("einops.reduce", "einops.einops.reduce")
def reduce(tensor: Values, pattern: Values, reduction: Values, **axes_lengths: Values) -> Tensor:
    """(b, c, h, w) by 'b c h w -> b c' -> (b, c): the axes that are not on the right are reduced.

    https://einops.rocks/api/reduce/
    """
    try:
        return transformed(reduction_named(reduction), _one_tensor(tensor), pattern_text(pattern), axes_lengths)
    except CannotRun:
        if isinstance(reduction, Unknown):  # it may be "repeat"
            raise NotKnown(reduction.reason) from None
        raise


def reduction_named(reduction: Values) -> str:
    if not isinstance(reduction, str):
        return "reduce"
    if reduction not in (*REDUCTIONS, "repeat", "rearrange"):  # it takes these two as well, and does what they say
        raise wrong(f"the reduction {reduction!r}, not one of {', '.join(REDUCTIONS)}")
    return reduction


reduce.gives("(B, C, H, W), 'b c h w -> b c', 'mean'", "(B, C)")
reduce.gives("(B, C, 2*h, 2*w), 'b c (h 2) (w 2) -> b c h w', 'max'", "(B, C, h, w)")
reduce.gives("(B, C, H), 'b c h -> b () h', 'sum'", "(B, 1, H)")
reduce.gives("(B, C), 'b c -> b (c r)', 'repeat', r=2", "(B, 2*C)")
reduce.fails("(B, C), 'b c -> b', 'repeat'", "c is on the left of 'b c -> b', but not on its right")
reduce.fails("(B, C), 'b c -> b d', 'sum'", "d is on the right of 'b c -> b d', but not on its left")
reduce.fails("(B, C), 'b c -> b', 'average'", "the reduction 'average'")


@op("einops.repeat", "einops.einops.repeat")
def repeat(tensor: Values, pattern: Values, **axes_lengths: Values) -> Tensor:
    """(h, w) by 'h w -> h (w r)', r=r -> (h, w*r): the axes that are not on the left are new.

    https://einops.rocks/api/repeat/
    """
    return transformed("repeat", _one_tensor(tensor), pattern_text(pattern), axes_lengths)


repeat.gives("(h, w), 'h w -> b h w', b=B", "(B, h, w)")
repeat.gives("(h, w), 'h w -> h (w 2)'", "(h, 2*w)")
repeat.fails("(h, w), 'h w -> h w r'", "r is without a size in 'h w -> h w r'")


@op("einops.einsum", "einops.einops.einsum")
def einsum(*tensors_and_pattern: Values) -> Tensor:
    """(b, i, k), (b, k, j) by 'b i k, b k j -> b i j' -> (b, i, j).

    https://einops.rocks/api/einsum/
    """
    need(len(tensors_and_pattern) >= 2, "a pattern and a tensor at least are needed", Trouble.PATTERN)
    pattern = pattern_text(tensors_and_pattern[-1])
    parts = pattern.split("->")
    if len(parts) != 2:
        raise wrong(f"the pattern {pattern!r} has {'no' if len(parts) == 1 else 'more than one'} '->'")
    sides = [side(part, underscore=True, duplicates=True) for part in (*parts[0].split(","), parts[1])]
    for each in sides:
        if each.has_numbers or any(len(group) != 1 for group in each.groups):
            raise wrong(f"einsum takes neither brackets nor numbers: {each.text!r}")
    known = {axis for each in sides[:-1] for axis in each.axes}
    none_of(set(sides[-1].axes) - known - {DOTS}, f"on the right of {pattern!r}, but not on its left")
    equation = Equation(tuple(each.axes for each in sides[:-1]), sides[-1].axes)
    tensors = [convert(each, Parameter("tensor", "Tensor", False, None)) for each in tensors_and_pattern[:-1]]
    return contracted(equation, tensors)


einsum.gives("(B, L, D), (E, D), 'b l d, e d -> b l e'", "(B, L, E)")
einsum.fails("(2, 3), (4, 5), 'i j, j k -> i k'", "j is 3 in (2, 3), but 4 in (4, 5)")
einsum.fails("(2, 3), 'i j'", "has no '->'")


@op("einops.parse_shape", "einops.einops.parse_shape")
def parse_shape(x: Tensor, pattern: Values) -> dict[str, Dim]:
    """(b, c, h, w) by 'b c _ w' -> {'b': b, 'c': c, 'w': w}. https://einops.rocks/api/parse_shape/"""
    read = side(pattern_text(pattern), underscore=True)
    tensor, groups = laid_out(x, read, pattern_text(pattern))
    named = zip(groups, tensor.shape.dims, strict=True)
    return {group[0]: size for group, size in named if len(group) == 1 and group[0].isidentifier() and group[0] != "_"}


parse_shape.fails("(2, 3), 'b c h'", "'b c h' has 3 dims, the tensor (2, 3) has 2")


@op("einops.asnumpy", "einops.einops.asnumpy")
def asnumpy(tensor: Tensor) -> Tensor:
    """(*) -> (*), as an array of NumPy. https://einops.rocks/api/asnumpy/"""
    return as_array(tensor)
