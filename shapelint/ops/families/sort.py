"""Order and counts: sort, argsort, topk, searchsorted, bucketize, unique, histograms."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim, const, product
from shapelint.ops.along import check_dim, found, known_dim, replaced, size_at
from shapelint.ops.families.reduce import Extreme
from shapelint.ops.layout import kept
from shapelint.ops.needs import CannotRun, Trouble, current, need, need_at_least, need_equal, need_rank
from shapelint.ops.registry import op
from shapelint.ops.signature import Operand, Sizes, Tensors, Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.shapes import NotKnown, Shape

HUNDRED = const(100)


@op("torch.sort", "torch.Tensor.sort")
def sort(input: Tensor, dim: Values = -1, descending: Values = False, stable: Values = False) -> Extreme:
    """(*) -> values (*), indices (*). https://docs.pytorch.org/docs/stable/generated/torch.sort.html"""
    check_dim(input, dim)
    values = Tensor(input.shape, kept(input), input.dtype, input.device)
    return Extreme(values, values.typed("int64"))


sort.gives("(B, L), 1", "(B, L), (B, L)")
sort.fails("(B, L), 2", "dim 2 of a tensor of 2 dims")


@op("torch.argsort", "torch.Tensor.argsort")
def argsort(input: Tensor, dim: Values = -1, descending: Values = False, stable: Values = False) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.argsort.html"""
    return sort.rule(input, dim).indices  # type: ignore[no-any-return]


argsort.gives("(B, L), -1, True", "(B, L)")


@op("torch.msort", "torch.Tensor.msort")
def msort(input: Tensor) -> Tensor:
    """(*) -> (*), along the first dim. https://docs.pytorch.org/docs/stable/generated/torch.msort.html"""
    return sort.rule(input, 0).values  # type: ignore[no-any-return]


msort.gives("(B, L)", "(B, L)")


@op("torch.topk", "torch.Tensor.topk")
def topk(input: Tensor, k: Dim, dim: int = -1, largest: Values = True, sorted: Values = True) -> Extreme:
    """(*a, d, *b), k -> values (*a, k, *b), indices (*a, k, *b), for k <= d.

    https://docs.pytorch.org/docs/stable/generated/torch.topk.html
    """
    seen, at = found(input, dim)
    size = size_at(seen, at)
    need_at_least(size, k, f"k is {k}, dim {dim} of {seen.shape} is {size}")
    need_at_least(k, 0, f"k is {k}")
    scalar = seen.shape.known and seen.rank == 0
    values = seen.made(seen.shape if scalar else replaced(seen.shape, at, k))
    return Extreme(values, values.typed("int64"))


topk.gives("(B, V), k", "(B, k), (B, k)")
topk.gives("(B, V), 3, 0", "(3, V), (3, V)")
topk.fails("(2, 3), 4", "k is 4, dim -1 of (2, 3) is 3")


# -- places in a sorted row --------------------------------------------------------------------------------------------


def _places(values: Tensor, narrow: Values) -> Tensor:
    dtype = {True: "int32", False: "int64"}.get(narrow) if isinstance(narrow, bool) else None
    return Tensor(values.shape, "contiguous", dtype, values.device)


@op("torch.searchsorted", "torch.Tensor.searchsorted")
def searchsorted(
    sorted_sequence: Tensor, input: Operand, *, out_int32: Values = False, right: Values = False, side: Values = None,
    sorter: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """(n,), (*a) -> (*a); (*b, n), (*b, m) -> (*b, m).

    https://docs.pytorch.org/docs/stable/generated/torch.searchsorted.html
    """
    rows, values = sorted_sequence.shape, input.shape
    if sorter is not None:
        need_same(sorter.shape, rows, "the sorter", "the sorted sequence")
    if len(rows) != 1:
        need(len(rows) > 0 and len(rows) == len(values), _unlike(rows, values))
        for a, b in zip(rows[:-1], values[:-1], strict=True):
            need_equal(a, b, f"a size of the sorted sequence {rows}", f"that of the values {values}")
    return _places(input, out_int32)


def _unlike(rows: Shape, values: Shape) -> str:
    return f"the sorted sequence {rows} is not of one dim, nor are its first dims those of the values {values}"


def need_same(a: Shape, b: Shape, what_a: str, what_b: str, trouble: Trouble = Trouble.ARGUMENT) -> None:
    """Two known shapes must be the same."""
    if len(a) != len(b):
        raise CannotRun(f"{what_a} is {a}, {what_b} is {b}", trouble)
    for x, y in zip(a, b, strict=True):
        need_equal(x, y, f"a size of {what_a} {a}", f"that of {what_b} {b}", trouble)


searchsorted.gives("(n,), (B, L)", "(B, L)")
searchsorted.gives("(B, n), (B, L)", "(B, L)")
searchsorted.fails("(2, 5), (3, 4)", "a size of the sorted sequence (2, 5) is 2, that of the values (3, 4) is 3")


@op("torch.bucketize", "torch.Tensor.bucketize")
def bucketize(input: Operand, boundaries: Tensor, *, out_int32: Values = False, right: Values = False) -> Tensor:
    """(*), (n,) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.bucketize.html"""
    need_rank(boundaries, 1, what="the boundaries", trouble=Trouble.ARGUMENT)
    return _places(input, out_int32)


bucketize.gives("(B, L), (n,)", "(B, L)")
bucketize.fails("(B, L), (n, 2)", "the boundaries has 2 dims")


# -- distinct values ---------------------------------------------------------------------------------------------------


def _distinct(input: Tensor, dim: Values, inverse: bool, counts: bool) -> Tensor | tuple[Tensor, ...]:
    count = current().fresh("unique")
    along = None if dim is None else known_dim(dim)
    if along is None:
        if dim is not None:
            raise NotKnown("dim is not known")
        values, back = input.made(Shape((count,))), input.made(input.shape, "int64")
    else:
        seen, at = found(input, along)
        scalar = seen.shape.known and seen.rank == 0
        distinct = Shape((count,)) if scalar else replaced(seen.shape, at, count)
        values = Tensor(distinct, None, seen.dtype, seen.device)
        back = seen.made(Shape((size_at(seen, at),)), "int64")
    if not inverse and not counts:
        return values
    return (values, *((back,) if inverse else ()), *((input.made(Shape((count,)), "int64"),) if counts else ()))


@op("torch.unique", "torch.Tensor.unique")
def unique(
    input: Tensor, sorted: Values = True, return_inverse: bool = False, return_counts: bool = False, dim: Values = None
) -> Tensor | tuple[Tensor, ...]:
    """(*) -> (u,), with `dim` (*a, d, *b) -> (*a, u, *b); then inverse (*) or (d,), and counts (u,), if asked for.

    https://docs.pytorch.org/docs/stable/generated/torch.unique.html
    """
    return _distinct(input, dim, return_inverse, return_counts)


@op("torch.unique_consecutive", "torch.Tensor.unique_consecutive")
def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: Values = None
) -> Tensor | tuple[Tensor, ...]:
    """(*) -> (u,), with `dim` (*a, d, *b) -> (*a, u, *b); then inverse (*) or (d,), and counts (u,), if asked for.

    https://docs.pytorch.org/docs/stable/generated/torch.unique_consecutive.html
    """
    return _distinct(input, dim, return_inverse, return_counts)


# -- counts ------------------------------------------------------------------------------------------------------------


@op("torch.histc", "torch.Tensor.histc")
def histc(input: Tensor, bins: Dim | float = HUNDRED, min: Values = 0, max: Values = 0) -> Tensor:
    """(*), bins -> (bins,). https://docs.pytorch.org/docs/stable/generated/torch.histc.html"""
    if isinstance(bins, float):
        raise NotKnown(f"bins is {bins}, not an int")
    need_at_least(bins, 1, f"bins is {bins}")
    return input.with_shape(bins)


histc.gives("(B, L), n", "(n,)")
histc.gives("(B, L)", "(100,)")


@op("torch.bincount", "torch.Tensor.bincount")
def bincount(input: Tensor, weights: Tensor | None = None, minlength: Dim = ONE) -> Tensor:
    """(n,) -> (m,), where m is one more than the greatest value, or `minlength`.

    https://docs.pytorch.org/docs/stable/generated/torch.bincount.html
    """
    need_rank(input, 1, trouble=Trouble.ARGUMENT)
    dtype: str | None = "int64"
    if weights is not None:
        need_same(weights.shape, input.shape, "the weights", "the input")
        dtype = None if weights.dtype is None else weights.dtype if weights.dtype == "float32" else "float64"
    return input.made(Shape((current().fresh("bins"),)), dtype)


bincount.fails("(B, L)", "the input has 2 dims (B, L), not 1")


@op("torch.histogram", "torch.Tensor.histogram")
def histogram(
    input: Tensor, bins: Tensor | Dim = HUNDRED, *, range: Values = None, weight: Tensor | None = None,
    density: Values = False,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """(*), bins -> hist (bins,), edges (bins + 1,); the edges (n,) may be given as `bins`.

    https://docs.pytorch.org/docs/stable/generated/torch.histogram.html
    """
    if weight is not None:
        a, b = product(weight.shape.dims), product(input.shape.dims)
        need_equal(a, b, f"the number of elements of the weight {weight.shape}", f"that of the input {input.shape}")
    count = bin_count(bins)
    return input.with_shape(count), input.with_shape(count + 1)


def bin_count(bins: Any) -> Dim | int:
    """How many bins a number, or a tensor of edges, stands for."""
    if not isinstance(bins, Tensor):
        need_at_least(bins, 1, f"bins is {bins}")
        return bins  # type: ignore[no-any-return]
    need_rank(bins, 1, what="bins", trouble=Trouble.ARGUMENT)
    return bins.shape[0] - 1


histogram.gives("(B, L), n", "(n,), (n + 1,)")


@op("torch.histogramdd", "torch.Tensor.histogramdd")
def histogramdd(
    input: Tensor, bins: Tensors | Sizes, range: Values = None, weight: Tensor | None = None, density: Values = False
) -> tuple[Tensor, list[Tensor]]:
    """(*, n), n bins -> hist (*bins), edges [(bins[i] + 1,), ...]; one number stands for n.

    https://docs.pytorch.org/docs/stable/generated/torch.histogramdd.html
    """
    need(input.rank >= 2, f"the input has {input.rank} dims {input.shape}, not 2 or more")
    axes = input.shape[-1].value
    if axes is None:
        if len(bins) == 1:
            raise NotKnown("the last dim of the input is not a known number")
        need_equal(input.shape[-1], len(bins), "the last dim of the input", "the number of bins")
        axes = len(bins)
    given = bins * axes if len(bins) == 1 and not isinstance(bins[0], Tensor) else bins
    need(len(given) == axes, f"{len(given)} numbers of bins for {axes} columns")
    if weight is not None:
        need_same(weight.shape, Shape(input.shape[:-1]), "the weight", "the rows of the input")
    counts = [bin_count(each) for each in given]
    return input.with_shape(*counts), [input.with_shape(count + 1) for count in counts]


histogramdd.gives("(N, 2), [m, n]", "(m, n), (m + 1,), (n + 1,)")
histogramdd.fails("(N, 3), [4, 5]", "2 numbers of bins for 3 columns")
