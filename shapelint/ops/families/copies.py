"""Repeating, turning and rearranging what a tensor holds: repeat, tile, roll, flip, rot90, diff; the *_copy twins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from shapelint.dims import Dim, const, product
from shapelint.ops.families import axes, convert, diagonal, pieces, slices, view
from shapelint.ops.families.join import at_least_1d, at_least_2d, at_least_3d, cat
from shapelint.ops.families.pointwise import broadcast_all, everywhere, same_shape
from shapelint.ops.families.slices import sliced_size
from shapelint.ops.needs import Trouble, current, index_of, is_equal, need, need_at_least, need_equal, number
from shapelint.ops.registry import Op, add, op
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import Ints, Operand, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

COPIES = {
    "permute": axes.permute, "transpose": axes.transpose, "t": axes.t, "squeeze": axes.squeeze,
    "unsqueeze": axes.unsqueeze, "expand": axes.expand, "view": view.reshape, "detach": axes.clone, "alias": axes.clone,
    "select": slices.select, "unfold": slices.unfold, "as_strided": slices.as_strided, "diagonal": diagonal.diagonal,
    "unbind": pieces.unbind, "split": pieces.split, "split_with_sizes": pieces.split_with_sizes,
    "view_as_real": convert.view_as_real, "view_as_complex": convert.view_as_complex, "narrow": slices.narrow,
}  # fmt: skip
"""Views that have a twin `NAME_copy`, which returns fresh tensors."""


def _copying(rule: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(rule)
    def copy(*args: Any, **kwargs: Any) -> Any:
        return _copied(rule(*args, **kwargs))

    return copy


def _copied(result: Any) -> Any:
    """A tensor, or each of several, with elements of its own."""
    if isinstance(result, Tensor):
        return result.made(result.shape)
    if isinstance(result, Row):
        return Row(tuple(map(_copied, result.parts)))
    if isinstance(result, Many):
        return replace(result, group=tuple(map(_copied, result.group)))
    return tuple(map(_copied, result))


for _name, _entry in COPIES.items():
    _twin = Op(_copying(_entry.rule), (f"torch.{_name}_copy", f"torch.Tensor.{_name}_copy"))
    if _name not in ("permute", "expand", "view", "split"):  # which take a tuple only
        _twin.examples.extend(_entry.examples)
    add(_twin)


@op("torch.Tensor.repeat")
def repeat(input: Tensor, *repeats: Dim) -> Tensor:
    """(a1, ..., an), (*r, r1, ..., rn) -> (*r, r1*a1, ..., rn*an).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.repeat.html
    """
    return _tiled(input, repeats, "repeat")


def _tiled(input: Tensor, repeats: tuple[Dim, ...], operator: str) -> Tensor:
    need(
        len(repeats) >= input.rank,
        f"{operator} of {len(repeats)} numbers for a tensor of {input.rank} dims {input.shape}",
        Trouble.EXPAND,
    )
    sizes = (ONE,) * (len(repeats) - input.rank) + input.shape.dims
    result = tuple(size * times for size, times in zip(sizes, repeats, strict=True))
    for size, times in zip(result, repeats, strict=True):
        need_at_least(size, 0, f"{operator} of {times} times")
    return input.with_shape(*result)


repeat.gives("(B, L), 2, 1, 3", "(2, B, 3*L)")
repeat.gives("(1, D), B, 1", "(B, D)")
repeat.fails("(2, 3), 2", "repeat of 1 numbers for a tensor of 2 dims (2, 3)")


@op(*everywhere("tile"))
def tile(input: Tensor, *dims: Dim) -> Tensor:
    """(a1, ..., an), (r1, ..., rn) -> (r1*a1, ..., rn*an); the shorter row gets ones in front.

    https://docs.pytorch.org/docs/stable/generated/torch.tile.html
    """
    return _tiled(input, (ONE,) * max(0, input.rank - len(dims)) + dims, "tile")


tile.gives("(B, L), 3", "(B, 3*L)")
tile.gives("(L,), B, 1", "(B, L)")


@op(*everywhere("repeat_interleave"))
def repeat_interleave(
    input: Tensor | None = None, repeats: Values = None, dim: int | None = None, *, output_size: Values = None
) -> Tensor:
    """(*a, n, *b), r -> (*a, r*n, *b); without dim (r*N,) of the N elements; r a tensor (n,): their sum.

    https://docs.pytorch.org/docs/stable/generated/torch.repeat_interleave.html
    """
    if input is None and isinstance(repeats, Unknown):
        raise NotKnown(repeats.reason)
    if input is None and isinstance(repeats, Tensor):
        input, repeats = repeats, None
    need(input is not None, "the argument input is missing")
    assert input is not None
    if repeats is None:
        return input.made(Shape((_total(input, None, output_size),)), "int64")
    flat = input if dim is not None else input.seen_as(Shape((product(input.shape.dims),)), None)
    at = index_of(dim or 0, flat.rank)
    sizes = flat.shape.dims or (ONE,)
    if isinstance(repeats, (tuple, list)):
        times = [item if isinstance(item, Dim) else _fresh_or_number(item) for item in repeats]
        _need_one_each(len(times), sizes[at], input)
        size = sum(times, const(0)) if len(times) != 1 else times[0] * sizes[at]
    elif isinstance(repeats, Tensor):
        need(repeats.rank <= 1, f"repeats of {repeats.rank} dims {repeats.shape}")
        if repeats.rank == 1 and number(repeats.shape[0]) != 1:
            _need_one_each(repeats.shape[0], sizes[at], input)
        size = _total(repeats, sizes[at], output_size)
    else:
        size = (repeats if isinstance(repeats, Dim) else _fresh_or_number(repeats)) * sizes[at]
        need_at_least(size, 0, f"repeat_interleave {repeats} times")
    return input.with_shape(*sizes[:at], size, *sizes[at + 1 :])


def _need_one_each(count: Dim | int, size: Dim, input: Tensor) -> None:
    if number(count) != 1:
        need_equal(count, size, "the number of repeats", f"the size that is repeated of {input.shape}")


def _total(repeats: Tensor, size: Dim | None, output_size: Any) -> Dim:
    """The sum of a row of repeats, as far as its numbers are known."""
    if isinstance(output_size, (int, Dim)):
        return const(output_size) if isinstance(output_size, int) else output_size
    if repeats.items is None:
        return current().fresh("n")
    total = sum(repeats.items)
    return total * size if size is not None and len(repeats.items) == 1 else const(total)


def _fresh_or_number(value: Any) -> Dim:
    return const(value) if isinstance(value, int) else current().fresh("n")


repeat_interleave.gives("(B, L), r, 1", "(B, L*r)")
repeat_interleave.gives("(B, L), 2", "(2*B*L,)")
repeat_interleave.gives("repeats=int64 (3,)", "(n,)")
repeat_interleave.fails("(2, 3), int64 (4,), 1", "the number of repeats is 4, the size that is repeated of (2, 3) is 3")


@op(*everywhere("roll"))
def roll(input: Tensor, shifts: Values, dims: Ints = ()) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.roll.html"""
    count = len(shifts) if isinstance(shifts, (tuple, list)) else 1
    if isinstance(shifts, Unknown):
        count = len(dims) or 1
    if input.shape.known and number(product(input.shape.dims)) == 0:
        return input.made(input.shape)
    need(count > 0, "roll without shifts")
    if dims or count != 1:
        need(count == len(dims), f"roll with {count} shifts for {len(dims)} dims", Trouble.DIM_INDEX)
    for position in dims:
        need(input.rank > 0, f"dim {position} of a tensor of 0 dims", Trouble.DIM_INDEX)
        index_of(position, input.rank)
    return input.made(input.shape)


roll.gives("(B, H, W, C), (1, 1), (1, 2)", "(B, H, W, C)")
roll.gives("(B, L), 1", "(B, L)")
roll.fails("(2, 3), (1, 1), (1,)", "roll with 2 shifts for 1 dims")
roll.fails("(2, 3), 1, 2", "dim 2 of a tensor of 2 dims")


@op(*everywhere("flip"))
def flip(input: Tensor, *dims: int) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.flip.html"""
    places = [index_of(position, input.rank) for position in dims]
    need(len(set(places)) == len(places), f"flip names a dim twice: {dims}", Trouble.DIM_INDEX)
    return same_shape(input, input.dtype)


flip.gives("(B, L), 1", "(B, L)")
flip.fails("(2, 3), 2", "dim 2 of a tensor of 2 dims")


@op(*everywhere("fliplr"))
def fliplr(input: Tensor) -> Tensor:
    """(m, n, *) -> (m, n, *). https://docs.pytorch.org/docs/stable/generated/torch.fliplr.html"""
    need(input.rank >= 2, f"fliplr of a tensor of {input.rank} dims {input.shape}", Trouble.DIM_INDEX)
    return same_shape(input, input.dtype)


fliplr.gives("(H, W)", "(H, W)")
fliplr.fails("(3,)", "fliplr of a tensor of 1 dims")


@op(*everywhere("flipud"))
def flipud(input: Tensor) -> Tensor:
    """(m, *) -> (m, *). https://docs.pytorch.org/docs/stable/generated/torch.flipud.html"""
    need(input.rank >= 1, "flipud of a tensor of no dims", Trouble.DIM_INDEX)
    return same_shape(input, input.dtype)


flipud.gives("(H, W)", "(H, W)")


@op(*everywhere("rot90"))
def rot90(input: Tensor, k: Dim = ONE, dims: Ints = (0, 1)) -> Tensor:
    """(*a, m, *b, n, *c) -> (*a, n, *b, m, *c) for an odd k, else as it is.

    https://docs.pytorch.org/docs/stable/generated/torch.rot90.html
    """
    need(
        len(dims) == 2 and input.rank >= 2, f"rot90 of a tensor of {input.rank} dims in dims {dims}", Trouble.DIM_INDEX
    )
    first, second = (index_of(position, input.rank) for position in dims)
    need(first != second, f"rot90 in dim {first} alone", Trouble.DIM_INDEX)
    sizes = list(input.shape.dims)
    times = number(k)
    if times is None or times % 2:
        if times is None:
            need_equal(sizes[first], sizes[second], "a side", "the other, for a rotation that is not known")
        sizes[first], sizes[second] = sizes[second], sizes[first]
    return Tensor(Shape(tuple(sizes)), None, input.dtype, input.device)


rot90.gives("(B, H, W), 1, (1, 2)", "(B, W, H)")
rot90.gives("(H, W), 2", "(H, W)")
rot90.fails("(3,), 1, (0, 1)", "rot90 of a tensor of 1 dims")


@op(*everywhere("ravel"))
def ravel(input: Tensor) -> Tensor:
    """(*a) -> (the product of a,). https://docs.pytorch.org/docs/stable/generated/torch.ravel.html"""
    return input.made(Shape((product(input.shape.dims),)))


ravel.gives("(B, L)", "(B*L,)")


def _at_least(change: Any, *names: str) -> None:
    def rule(*tensors: Tensor) -> Any:
        """(*) -> (*), of at least so many dims. https://docs.pytorch.org/docs/stable/generated/torch.atleast_2d.html"""
        return change(tensors[0]) if len(tensors) == 1 else tuple(change(tensor) for tensor in tensors)

    add(Op(rule, names))


_at_least(at_least_1d, "torch.atleast_1d")
_at_least(at_least_2d, "torch.atleast_2d")
_at_least(at_least_3d, "torch.atleast_3d")


@op("torch.broadcast_tensors")
def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """(*a), (*b), ... -> each their broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.broadcast_tensors.html
    """
    shape = broadcast_all(*tensors)
    return tuple(
        tensor if tensor.shape == shape else Tensor(shape, None, tensor.dtype, tensor.device, expanded=True)
        for tensor in tensors
    )


broadcast_tensors.gives("(B, 1), (L,)", "(B, L), (B, L)")
broadcast_tensors.fails("(2, 3), (4,)", "3 against 4 in dim -1")


@op("torch.distributions.utils.broadcast_all")
def broadcast_all_parameters(*values: Operand) -> tuple[Tensor, ...]:
    """(*a), (*b), ... -> each their broadcast; a number becomes a tensor, too.

    https://docs.pytorch.org/docs/stable/distributions.html
    """
    tensors = [value for value in values if isinstance(value, Tensor)]
    shape = broadcast_all(*tensors) if tensors else Shape()
    return tuple(Tensor(shape, None) for _ in values)


broadcast_all_parameters.gives("(B, 1), (L,)", "(B, L), (B, L)")
broadcast_all_parameters.fails("(2, 3), (4,)", "3 against 4 in dim -1")


@op(*everywhere("diff"))
def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """(*a, m, *b) -> (*a, m-n, *b); what is prepended and appended counts.

    https://docs.pytorch.org/docs/stable/generated/torch.diff.html
    """
    need(input.rank >= 1, "diff of a tensor of no dims", Trouble.DIM_INDEX)
    if n == 0 and prepend is None and append is None:
        return input
    need(n >= 0, f"diff of order {n}")
    at = index_of(dim, input.rank)
    whole = cat.rule(tuple(t for t in (prepend, input, append) if t is not None), at)
    if n == 0:
        return input
    sizes = whole.shape.dims
    size = sliced_size(sizes[at], const(n), None)
    return Tensor(Shape((*sizes[:at], size, *sizes[at + 1 :])), None, whole.dtype, whole.device)


diff.gives("(B, T)", "(B, T-1)")
diff.gives("(B, T), 2, 0", "(B-2, T)")
diff.fails("(2, 3), 1, 2", "dim 2 of a tensor of 2 dims")


@op("torch.gradient")
def gradient(input: Tensor, *, spacing: Values = 1, dim: Ints | None = None, edge_order: int = 1) -> tuple[Tensor, ...]:
    """(*) -> (*) for each dim. https://docs.pytorch.org/docs/stable/generated/torch.gradient.html"""
    places = [index_of(position, input.rank) for position in (range(input.rank) if dim is None else dim)]
    need(len(set(places)) == len(places), f"gradient names a dim twice: {dim}", Trouble.DIM_INDEX)
    if isinstance(spacing, (tuple, list)):
        need(len(spacing) == len(places), f"gradient with {len(spacing)} spacings for {len(places)} dims")
    for at in places:
        size = input.shape[at]
        need_at_least(size, edge_order + 1, f"gradient along dim {at} of {input.shape}, which takes {edge_order + 1}")
        if isinstance(spacing, (tuple, list)) and isinstance(spacing[places.index(at)], Tensor):
            points = spacing[places.index(at)]
            if points.shape.known and points.rank == 1:
                _need_points(points.shape[0], size, f"dim {at} of {input.shape} in gradient")
    return (input.made(input.shape),) * len(places)


def _need_points(count: Dim, size: Dim, what: str) -> None:
    """As many points as values; three give one distance inside, which broadcasts."""
    if 3 not in (number(count), number(size)):
        need_equal(count, size, "the number of points", what)
    elif not is_equal(count, size):
        raise NotKnown("a gradient with another number of points than values")


gradient.gives("(H, W)", "(H, W), (H, W)")
gradient.fails("(1,)", "gradient along dim 0 of (1,), which takes 2")


@op("torch.trapezoid", "torch.trapz")
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Values = 1, dim: int = -1) -> Tensor:
    """(*a, n, *b) -> (*a, *b); the distances between the points x broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.trapezoid.html
    """
    if y.rank and number(y.shape[index_of(dim, y.rank)]) == 0:
        at = index_of(dim, y.rank)
        return y.made(Shape(y.shape.dims[:at] + y.shape.dims[at + 1 :]))
    sizes, at = _heights(y, x, dim)
    return y.made(Shape(sizes[:at] + sizes[at + 1 :]))


trapezoid.gives("(B, T)", "(B,)")
trapezoid.gives("(B, T), (T,)", "(B,)")
trapezoid.fails("(2, 3), (4,)", "the number of points is 4, dim 1 of (2, 3) is 3")


@op("torch.cumulative_trapezoid")
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Values = 1, dim: int = -1) -> Tensor:
    """(*a, n, *b) -> (*a, n-1, *b); the distances between the points x broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.cumulative_trapezoid.html
    """
    return y.made(Shape(_heights(y, x, dim)[0]))


cumulative_trapezoid.gives("(B, T)", "(B, T-1)")


def _heights(y: Tensor, x: Tensor | None, dim: int) -> tuple[tuple[Dim, ...], int]:
    """The sizes of the n-1 trapezoids together with the distances between the points, and the dim that is summed."""
    need(y.rank > 0, "trapezoid of a tensor of no dims", Trouble.DIM_INDEX)
    at = index_of(dim, y.rank)
    heights = _one_less(y.shape.dims, at)
    if x is None:
        return heights, at
    points = x.shape.dims
    if len(points) == 1:
        need_equal(points[0], y.shape[at], "the number of points", f"dim {at} of {y.shape}", Trouble.BROADCAST)
        return heights, at
    points = (ONE,) * (y.rank - len(points)) + points
    return broadcast_all(Tensor(Shape(heights)), Tensor(Shape(_one_less(points, at)))).dims, at


def _one_less(sizes: tuple[Dim, ...], at: int) -> tuple[Dim, ...]:
    return (*sizes[:at], sliced_size(sizes[at], ONE, None), *sizes[at + 1 :])
