"""Reading and writing at places that a tensor of ints names: gather, scatter, index_select, index_add, take, put."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim, product
from shapelint.ops.families.indexing import getitem
from shapelint.ops.families.pointwise import broadcast_all, everywhere, need_fits
from shapelint.ops.needs import CannotRun, Trouble, index_of, need, need_at_least, need_dtype, need_equal, number
from shapelint.ops.registry import op
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

INDEX_INTS = (None, "int64", "int32")


def need_ints(index: Tensor, operator: str) -> None:
    """An index tensor must hold int64 or int32."""
    need(index.dtype in INDEX_INTS, f"the index of {operator} holds {index.dtype}, not int64", Trouble.INDEX)


def row(tensor: Tensor) -> tuple[Dim, ...]:
    """The tensor's sizes, where a tensor of no dims counts as one of a single place."""
    return tensor.shape.dims or (ONE,)


def _is_empty(index: Tensor) -> bool:
    return index.shape.known and product(index.shape.dims).value == 0


@op(*everywhere("gather"))
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: Values = False) -> Tensor:
    """(*a), (*b) of as many dims, b[i] <= a[i] for i != dim -> (*b).

    https://docs.pytorch.org/docs/stable/generated/torch.gather.html
    """
    if not input.shape.known and index.shape.known:
        return input.made(index.shape)
    at = index_of(dim, input.rank)
    if not _is_empty(index):
        need_ints(index, "gather")
        _need_within(index, input, at, "gather", "the input")
    return input.made(index.shape)


gather.gives("(B, L, D), 1, int64 (B, k, D)", "(B, k, D)")
gather.fails("(2, 3), 1, int64 (3, 3)", "dim 0 of the index (3, 3) is 3, more than the 2 of the input")
gather.fails("(2, 3), 1, int64 (2,)", "index (2,) of 1 dims, the input has 2")


def _need_within(index: Tensor, whole: Tensor, at: int | None, operator: str, what: str) -> None:
    """An index may not be longer than what it indexes, along every dim but `at`."""
    inner, outer = row(index), row(whole)
    need(
        len(inner) == len(outer),
        f"{operator} with an index {index.shape} of {len(inner)} dims, {what} has {len(outer)}: {whole.shape}",
        Trouble.INDEX,
    )
    for i, (small, large) in enumerate(zip(inner, outer, strict=True)):
        if i != at:
            reason = f"dim {i} of the index {index.shape} is {small}, more than the {large} of {what} in {operator}"
            need_at_least(large, small, reason, Trouble.INDEX)


def _scattered(input: Tensor, dim: int, index: Tensor, src: Any, operator: str) -> Tensor:
    at = index_of(dim, input.rank)
    if _is_empty(index):
        return input.made(input.shape)
    need_ints(index, operator)
    _need_within(index, input, at, operator, "the input")
    if isinstance(src, Tensor):
        _need_within(index, src, None, operator, "src")
    return input.made(input.shape)


@op(*everywhere("scatter"))
def scatter(
    input: Tensor, dim: int, index: Tensor, src: Values = None, *, value: Values = None, reduce: Values = None
) -> Tensor:
    """(*a), (*b), (*c) of as many dims, b <= c, b[i] <= a[i] for i != dim -> (*a).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html
    """
    return _scattered(input, dim, index, src, "scatter")


scatter.gives("(B, V), 1, int64 (B, 1), 0.5", "(B, V)")
scatter.fails("(2, 3), 1, int64 (3, 3), (3, 3)", "dim 0 of the index (3, 3) is 3, more than the 2 of the input")


@op(*everywhere("scatter_add"))
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """(*a), (*b), (*c) of as many dims, b <= c, b[i] <= a[i] for i != dim -> (*a).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.scatter_add_.html
    """
    return _scattered(input, dim, index, src, "scatter_add")


scatter_add.gives("(N, D), 0, int64 (E, D), (E, D)", "(N, D)")
scatter_add.fails("(2, 3), 1, int64 (2, 3), (2, 2)", "more than the 2 of src")


@op(*everywhere("scatter_reduce"))
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: Values, *, include_self: Values = True
) -> Tensor:
    """(*a), (*b), (*c) of as many dims, b <= c, b[i] <= a[i] for i != dim -> (*a).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.scatter_reduce_.html
    """
    return _scattered(input, dim, index, src, "scatter_reduce")


scatter_reduce.gives('(N, D), 0, int64 (E, D), (E, D), "sum"', "(N, D)")


def _places(index: Tensor, operator: str) -> Dim:
    """How many places a row of ints names. Raises CannotRun where it is no row."""
    need_ints(index, operator)
    need(index.rank <= 1, f"the index of {operator} has {index.rank} dims {index.shape}, not 1", Trouble.INDEX)
    return row(index)[0]


@op(*everywhere("index_select"))
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """(*a, n, *b), (k,) -> (*a, k, *b). https://docs.pytorch.org/docs/stable/generated/torch.index_select.html"""
    at = index_of(dim, input.rank)
    count = _places(index, "index_select")
    sizes = input.shape.dims
    if not sizes:
        need_equal(count, 1, "the number of places", "that of a tensor of no dims", Trouble.INDEX)
        return input.made(input.shape)
    return input.made(Shape((*sizes[:at], count, *sizes[at + 1 :])))


index_select.gives("(B, L, D), 1, int64 (k,)", "(B, k, D)")
index_select.fails("(2, 3), 1, int64 (2, 2)", "the index of index_select has 2 dims (2, 2), not 1")


def _written(input: Tensor, dim: int, index: Tensor, source: Tensor, operator: str) -> Tensor:
    """The input after `source` was written along a dim: the source's sizes must be the input's, and k along it."""
    at = index_of(dim, input.rank)
    count = _places(index, operator)
    sizes, given = row(input), row(source)
    if not source.shape.dims:
        need_equal(count, 1, f"the number of places in {operator}", "that of a source of no dims", Trouble.INDEX)
        return input.made(input.shape)
    need(
        len(sizes) == len(given),
        f"{operator} of a source {source.shape} of {len(given)} dims into {input.shape}",
        Trouble.BROADCAST,
    )
    for i, (size, other) in enumerate(zip(sizes, given, strict=True)):
        wanted = count if i == at else size
        what = "the number of places" if i == at else f"dim {i} of {input.shape}"
        need_equal(wanted, other, what, f"that of the source {source.shape} in {operator}", Trouble.BROADCAST)
    return input.made(input.shape)


@op(*everywhere("index_add"))
def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Values = 1) -> Tensor:
    """(*a, n, *b), (k,), (*a, k, *b) -> (*a, n, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html
    """
    return _written(input, dim, index, source, "index_add")


index_add.gives("(N, D), 0, int64 (E,), (E, D)", "(N, D)")
index_add.fails(
    "(5, 3), 0, int64 (2,), (4, 3)", "the number of places is 2, that of the source (4, 3) in index_add is 4"
)


@op(*everywhere("index_copy"))
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """(*a, n, *b), (k,), (*a, k, *b) -> (*a, n, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_copy_.html
    """
    return _written(input, dim, index, source, "index_copy")


index_copy.gives("(N, D), 0, int64 (E,), (E, D)", "(N, D)")


@op(*everywhere("index_reduce"))
def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: Values, *, include_self: Values = True
) -> Tensor:
    """(*a, n, *b), (k,), (*a, k, *b) -> (*a, n, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_reduce_.html
    """
    return _written(input, dim, index, source, "index_reduce")


index_reduce.gives('(N, D), 0, int64 (E,), (E, D), "amax"', "(N, D)")


@op(*everywhere("index_fill"))
def index_fill(input: Tensor, dim: int, index: Tensor, value: Values) -> Tensor:
    """(*a, n, *b), (k,), () -> (*a, n, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_fill_.html
    """
    index_of(dim, input.rank)
    _places(index, "index_fill")
    if isinstance(value, Tensor) and value.shape.known:
        need(value.rank == 0, f"index_fill with a tensor of shape {value.shape}, not with one number")
    return input.made(input.shape)


index_fill.gives("(N, D), 0, int64 (k,), 0.5", "(N, D)")


@op(*everywhere("index_put"))
def index_put(input: Tensor, indices: Values, values: Tensor, accumulate: Values = False) -> Tensor:
    """(*a), indices, (*c) -> (*a); the values must broadcast to what the indices select.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_put_.html
    """
    if isinstance(indices, Unknown):
        return input.made(input.shape)
    if not isinstance(indices, (tuple, list)):
        raise CannotRun("the indices of index_put must be a tuple of tensors", Trouble.INDEX)
    whole = tuple(slice(None) if index is None else index for index in indices)
    need_fits(values, getitem.rule(input, whole))
    return input.made(input.shape)


index_put.gives("(B, L), [int64 (k,)], (k, L)", "(B, L)")
index_put.fails("(5, 3), [int64 (2,)], (4, 3)", "do not broadcast")


@op(*everywhere("take"))
def take(input: Tensor, index: Tensor) -> Tensor:
    """(*a), (*b) -> (*b). https://docs.pytorch.org/docs/stable/generated/torch.take.html"""
    need_dtype(index, ("int64",), "the index of take holds", Trouble.INDEX)
    empty = input.shape.known and product(input.shape.dims).value == 0
    need(not empty or _is_empty(index), f"take from the tensor {input.shape} without elements", Trouble.INDEX)
    return input.made(index.shape)


take.gives("(B, L), int64 (k,)", "(k,)")


@op(*everywhere("take_along_dim"))
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """(*a, n, *b), (*c, k, *d) -> (broadcast of a and c, k, of b and d); without dim (k,) of the flat input.

    https://docs.pytorch.org/docs/stable/generated/torch.take_along_dim.html
    """
    need(
        indices.dtype in (None, "int64"), f"the index of take_along_dim holds {indices.dtype}, not int64", Trouble.INDEX
    )
    if dim is None:
        return input.made(Shape((product(indices.shape.dims),)))
    need(
        input.rank == indices.rank,
        f"take_along_dim of {input.shape} with an index {indices.shape} of another number of dims",
        Trouble.INDEX,
    )
    at = index_of(dim, input.rank)
    if not input.rank:
        return input.made(input.shape)
    both = [Tensor(Shape((*s[:at], ONE, *s[at + 1 :]))) for s in (input.shape.dims, indices.shape.dims)]
    sizes = broadcast_all(*both).dims
    return input.made(Shape((*sizes[:at], indices.shape[at], *sizes[at + 1 :])))


take_along_dim.gives("(B, L, D), int64 (B, k, 1), 1", "(B, k, D)")
take_along_dim.fails("(2, 3), int64 (2,), 1", "of another number of dims")


@op(*everywhere("put"))
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: Values = False) -> Tensor:
    """(*a), (*b), (*c) of as many elements -> (*a).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.put_.html
    """
    need_dtype(index, ("int64",), "the index of put holds", Trouble.INDEX)
    if index.shape.known and source.shape.known:
        places, given = product(index.shape.dims), product(source.shape.dims)
        need_equal(places, given, f"the number of places {index.shape}", f"that of {source.shape}", Trouble.COUNT)
    return input.made(input.shape)


put.gives("(B, L), int64 (k,), (k,)", "(B, L)")
put.fails("(2, 3), int64 (2,), (3,)", "the number of places (2,) is 2, that of (3,) is 3")


@op(*everywhere("masked_scatter"))
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """(*a), (*b), (*c) -> the broadcast of the first two.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_scatter_.html
    """
    need_dtype(mask, ("bool",), "the mask of masked_scatter is")
    return input.made(broadcast_all(input, mask))


masked_scatter.gives("(B, L), bool (L,), (n,)", "(B, L)")
masked_scatter.fails("(2, 3), bool (4,), (5,)", "3 against 4 in dim -1")


@op("torch.unravel_index")
def unravel_index(indices: Tensor, shape: Values) -> tuple[Tensor, ...] | Row:
    """(*), r sizes -> r times (*). https://docs.pytorch.org/docs/stable/generated/torch.unravel_index.html"""
    if isinstance(shape, Unknown):
        raise NotKnown(shape.reason)
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    for size in sizes:
        if isinstance(size, Dim):
            need_at_least(size, 0, f"unravel_index into a size of {size}")
    each = Tensor(indices.shape, None, "int64", indices.device)
    if not isinstance(shape, Tensor):
        return (each,) * len(sizes)
    count = number(shape.shape[0])
    return Row((Many((each,), shape.shape[0]),)) if count is None else (each,) * count


unravel_index.gives("int64 (k,), (4, 5)", "(k,), (k,)")
