"""One window sliding along the last axes of a tensor: the sizes that convolutions, pools and unfold share."""

from __future__ import annotations

from fractions import Fraction
from weakref import WeakSet

from shapelint.dims import Dim, Symbol, const
from shapelint.ops.needs import CannotRun, Trouble, current, need, need_at_least, need_rank, number
from shapelint.ops.signature import Extent, Sizes
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

ZERO = const(0)


def spread(extent: Extent, axes: int, what: str, *, alone: bool = True) -> Sizes:
    """A size for each axis; one alone stands for all of them, even as a tuple unless `alone` is False.

    Raises CannotRun for any other number of sizes. Of what is not known each axis has a size of its own.
    """
    if isinstance(extent, Unknown):
        found = [current().item(extent, axis) for axis in range(axes)]
        return tuple(current().fresh("_") if one is None else one for one in found)
    given = extent if isinstance(extent, tuple) else (extent,)
    fits = len(given) == axes or (len(given) == 1 and (alone or not isinstance(extent, tuple)))
    need(fits, f"{what} has {len(given)} sizes for {axes} axes")
    sizes = tuple(size for size in given if size is not None)
    need(len(sizes) == len(given), f"{what} has None among its sizes")
    return sizes if len(sizes) == axes else sizes * axes


def strides_of(stride: Extent | None, kernel: Sizes, axes: int) -> Sizes:
    """The steps of a pool's window, which are its own sizes where no others are given."""
    return kernel if stride is None or stride == () else spread(stride, axes, "stride")


def need_positive(sizes: Sizes, what: str) -> None:
    """Every size must be at least 1."""
    for size in sizes:
        need_at_least(size, 1, f"{what} is {size}")


def need_not_negative(sizes: Sizes, what: str) -> None:
    """Every size must be at least 0."""
    for size in sizes:
        need_at_least(size, 0, f"{what} is {size}")


_taken_for_batches: WeakSet[Symbol] = WeakSet()


def is_taken_for_a_batch(size: Dim) -> bool:
    """Whether a size is that of a batch which an input of unknown rank was only taken to have."""
    return size.as_symbol is not None and size.as_symbol in _taken_for_batches


def need_as_many_dims(holds: bool, input: Tensor, count: int, reason: str) -> None:
    """A tensor must have so many dims. One less than it has may leave out the batch that it was only taken to have."""
    if not holds and count == input.rank - 1 and any(map(is_taken_for_a_batch, input.shape.dims)):
        raise NotKnown("whether there is a batch is not known")
    need(holds, reason, Trouble.DIM_INDEX)


def spatial(input: Tensor, axes: int, operation: str) -> Tensor:
    """The input of (C, *axes) or (N, C, *axes), with these dims seen. Raises CannotRun for any other rank.

    An input of unknown rank is taken for a batch: hardly anyone calls these layers without one. But a table that the
    code itself makes may well be pooled along its rows.
    """
    input = current().settle(input)
    shape = input.shape
    is_table = shape.run is not None and not shape.run.given and axes == 1 and "pool" in operation.lower()
    if shape.run is not None and shape.least_rank <= axes + 2 and not is_table:
        context = current()
        missing = axes + 2 - shape.least_rank
        sizes = tuple(context.fresh("_", free=True, minimum=1) for _ in range(missing))
        if sizes:  # with dims that are seen in front, another one is the one too many
            _taken_for_batches.update(sizes[0].symbols)
        context.fill(shape.run, Shape(sizes))
        input = Tensor(shape.replace_run(Shape(sizes)), None, input.dtype, input.device)
        shape = input.shape
    if shape.known:
        need_rank(input, axes + 1, axes + 2, what=f"the input of {operation}")
    elif shape.least_rank > axes + 2:
        raise CannotRun(
            f"the input of {operation} has at least {shape.least_rank} dims {shape}, not {axes + 1} or {axes + 2}",
            Trouble.LAYER_INPUT,
        )
    return input


def steps(size: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim = ONE) -> Dim:
    """How often a window fits: (size + 2*padding - dilation*(kernel - 1) - 1) // stride + 1."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def need_window_fits(size: Dim, kernel: Dim, padding: Dim, dilation: Dim, operation: str) -> None:
    """The window must not be larger than the padded axis."""
    padded, reach = size + 2 * padding, dilation * (kernel - 1) + 1
    need_at_least(
        padded, reach, f"the kernel of {operation} spans {reach}, the padded axis has {padded}", Trouble.LAYER_INPUT
    )


def scaled(size: Dim, factor: object, what: str) -> Dim:
    """floor(size * factor) for a factor that may be a fraction. Raises NotKnown where rounding could matter."""
    if isinstance(factor, Dim):
        return size * factor
    if isinstance(factor, bool) or not isinstance(factor, (int, float)):
        raise NotKnown(f"{what} is not a known number")
    known = number(size)
    if known is not None:
        return const(int(known * factor))
    top, bottom = float(factor).as_integer_ratio()
    if bottom <= 1024:  # then the product is exact
        return (size * top) // bottom
    near = Fraction(factor).limit_denominator(100)
    if all(int(k * near.denominator * factor) == k * near.numerator for k in range(1, 513)):
        return (size * near.numerator) // near.denominator  # elsewhere the product is far from a whole number
    raise NotKnown(f"the size {size} * {factor} depends on rounding")
