"""Operators that join tensors: cat, stack and the hstack family, block_diag."""

from __future__ import annotations

from functools import reduce

from shapelint.dims import Dim, const
from shapelint.ops.dtypes import promoted
from shapelint.ops.join_rows import cat_row, stack_row
from shapelint.ops.needs import CannotRun, Trouble, current, index_of, need, need_equal, seeing
from shapelint.ops.registry import op
from shapelint.ops.rows import Row
from shapelint.ops.signature import Tensors
from shapelint.ops.tensor import ONE, Layout, Tensor
from shapelint.shapes import NotKnown, RankNotKnown, Run, Shape, first_cause


@op("torch.cat", "torch.concat", "torch.concatenate")
def cat(tensors: Tensors | Row, dim: int = 0) -> Tensor:
    """(*a, n1, *b), ..., (*a, nk, *b) -> (*a, n1+...+nk, *b); an empty tensor (0,) is passed over.

    https://docs.pytorch.org/docs/stable/generated/torch.cat.html
    """
    if isinstance(tensors, Row):
        return cat_row(tensors, dim)
    need(bool(tensors), "cat of no tensors", Trouble.JOIN)
    joined = [tensor for tensor in tensors if not _is_empty_row(tensor)]
    if not joined:
        return _made(tensors, tensors[0].shape)
    template = next((tensor for tensor in joined if tensor.shape.known), None)
    if template is None:
        return _cat_partly_known(joined, dim)
    need(template.rank > 0, "a tensor of no dims cannot be concatenated", Trouble.JOIN)
    at = index_of(dim, template.rank)
    sizes = list(template.shape.dims)
    rows = [_filled_like(template, at, tensor) for tensor in joined]
    for row in rows:
        need(
            len(row) == len(sizes),
            f"cat of tensors of {len(sizes)} and {len(row)} dims: {template.shape} and {Shape(row)}",
            Trouble.JOIN,
        )
        for i, size in enumerate(row):
            if i != at:
                need_equal(
                    sizes[i], size, f"in cat along dim {at}, dim {i} of {template.shape}", f"that of {Shape(row)}",
                    Trouble.JOIN,
                )  # fmt: skip
    sizes[at] = reduce(lambda a, b: a + b, (row[at] for row in rows))
    return _made(tensors, Shape(tuple(sizes)))


cat.gives("[(B, L, D), (B, S, D)], 1", "(B, L+S, D)")
cat.gives("[(B, L), (B, L), (B, L)], -1", "(B, 3*L)")
cat.gives("[(0,), (B, L)]", "(B, L)")
cat.fails("[(2, 3), (2, 4)], 0", "in cat along dim 0, dim 1 of (2, 3) is 3, that of (2, 4) is 4")
cat.fails("[(2, 3), (2, 3, 4)], 0", "of 2 and 3 dims")
cat.fails("[(2, 3), (2, 3)], 2", "dim 2 of a tensor of 2 dims")


def _is_empty_row(tensor: Tensor) -> bool:
    return tensor.shape.known and tensor.rank == 1 and tensor.shape[0].value == 0


def _filled_like(template: Tensor, at: int, tensor: Tensor) -> tuple[Dim, ...]:
    """The sizes of a tensor to be joined; where they are not known they must be the template's, except along `at`."""
    shape = current().settle(tensor).shape
    if shape.run is None:
        return shape.dims
    sizes = list(template.shape.dims)
    sizes[at] = current().untold(chosen=shape.given)
    if shape.least_rank > len(sizes):
        raise CannotRun(f"cat of {template.shape} and {shape}, which has more dims", Trouble.JOIN)
    end = len(sizes) - len(shape.back)
    current().fill(shape.run, Shape(tuple(sizes[len(shape.front) : end])))
    return (*shape.front, *sizes[len(shape.front) : end], *shape.back)


def _alike_in_front(tensors: list[Tensor], seen: int) -> list[Tensor]:
    """Tensors of as many dims as each other, at least `seen` of which are seen at the end of each.

    What is not seen of them is the same then, as they are joined along a dim that is seen. Raises NotKnown.
    """
    tensors = [current().settle(tensor) for tensor in tensors]
    seen = max(seen, *(len(tensor.shape.back) for tensor in tensors))
    model = tensors[0].shape
    if any(tensor.shape.run == model.run and tensor.shape.least_rank != model.least_rank for tensor in tensors):
        raise RankNotKnown("the number of dims is not known")  # of one run, but not as many dims as each other
    alike: list[Tensor] = []
    for tensor in tensors:
        shape = current().settle(seeing(current().settle(tensor), seen)).shape
        model = current().settle(alike[0]).shape if alike else shape
        if shape.run is None or len(shape.front) != len(model.front) or len(shape.back) != len(model.back):
            raise RankNotKnown("the number of dims is not known")
        if shape.run != model.run:
            current().fill(shape.run, Shape((), model.run, ()))
        made = Shape(shape.front, model.run, shape.back)
        alike.append(Tensor(made, tensor.layout, tensor.dtype, tensor.device))
    return alike


def _cat_partly_known(tensors: list[Tensor], dim: int) -> Tensor:
    """cat where no number of dims is known: the sizes at the end, as far as all are seen."""
    if dim >= 0:
        return tensors[0] if len(tensors) == 1 else _made(tensors, _unknown_made_of(tensors))
    try:
        tensors = _alike_in_front(tensors, -dim)
    except NotKnown:
        return _made(tensors, _unknown_made_of(tensors))
    first = tensors[0].shape
    total = list(first.back)
    for tensor in tensors[1:]:
        for i, (size, other) in enumerate(zip(first.seen(), tensor.shape.seen(), strict=True)):
            at = i - len(first.front) - len(total)
            if i < len(first.front) or at != dim:
                need_equal(size, other, f"a size of {first}", f"that of {tensor.shape} in cat", Trouble.JOIN)
            else:
                total[at] = total[at] + other
    return _made(tensors, Shape(first.front, first.run, tuple(total)))


def _unknown_made_of(tensors: list[Tensor]) -> Shape:
    shapes = [tensor.shape for tensor in tensors]
    return Shape.unknown(given=all(shape.given for shape in shapes), after=first_cause(shapes))


def _made(tensors: list[Tensor] | Tensors, shape: Shape) -> Tensor:
    device = next((tensor.device for tensor in tensors if tensor.device), None)
    plain = all(tensor.layout == "contiguous" for tensor in tensors) or (shape.known and shape.rank not in (4, 5))
    layout: Layout = "contiguous" if plain else None  # images that lie channels last stay so
    return Tensor(shape, layout, promoted(*tensors), device)


@op("torch.stack")
def stack(tensors: Tensors | Row, dim: int = 0) -> Tensor:
    """k times (*a, *b) -> (*a, k, *b). https://docs.pytorch.org/docs/stable/generated/torch.stack.html"""
    if isinstance(tensors, Row):
        return stack_row(tensors, dim)
    need(bool(tensors), "stack of no tensors", Trouble.JOIN)
    first = next((tensor for tensor in tensors if tensor.shape.known), None)
    if first is None:
        return _stack_partly_known(list(tensors), dim)
    for tensor in tensors:
        sizes = _stacked_like(first, tensor)
        if len(sizes) != first.rank:
            raise CannotRun(f"stack of tensors of unequal shapes {first.shape} and {tensor.shape}", Trouble.JOIN)
        for i, (a, b) in enumerate(zip(first.shape.dims, sizes, strict=True)):
            need_equal(a, b, f"dim {i} of {first.shape}", f"that of {Shape(sizes)} in stack", Trouble.JOIN)
    at = index_of(dim, first.rank + 1)
    dims = first.shape.dims
    return _made(tensors, Shape((*dims[:at], const(len(tensors)), *dims[at:])))


def _stack_partly_known(tensors: list[Tensor], dim: int) -> Tensor:
    """stack where no number of dims is known: the new dim near either end."""
    tensors = _alike_in_front(tensors, -dim - 1)
    first = tensors[0].shape
    if dim > len(first.front) and first.seen():
        raise first.not_known()
    if dim > len(first.front):  # so many dims there are at least, and behind them the number of tensors
        rest = Run.fresh(why=first.run.why if first.run is not None else "", given=first.given)
        return _made(tensors, Shape((*(current().fresh("_") for _ in range(dim)), const(len(tensors))), rest))
    for tensor in tensors[1:]:
        for size, other in zip(first.seen(), tensor.shape.seen(), strict=True):
            need_equal(size, other, f"a size of {first}", f"that of {tensor.shape} in stack", Trouble.JOIN)
    count, front, back = const(len(tensors)), first.front, first.back
    if dim >= 0:
        return _made(tensors, Shape((*front[:dim], count, *front[dim:]), first.run, back))
    at = len(back) + 1 + dim
    return _made(tensors, Shape(front, first.run, (*back[:at], count, *back[at:])))


def _stacked_like(first: Tensor, tensor: Tensor) -> tuple[Dim, ...]:
    shape = current().settle(tensor).shape
    if shape.run is None:
        return shape.dims
    if shape.least_rank > first.rank:
        raise CannotRun(f"stack of {first.shape} and {shape}, which has more dims", Trouble.JOIN)
    inner = first.shape.dims[len(shape.front) : first.rank - len(shape.back)]
    current().fill(shape.run, Shape(inner))
    return (*shape.front, *inner, *shape.back)


stack.gives("[(B, L), (B, L), (B, L)]", "(3, B, L)")
stack.gives("[(B, L), (B, L)], -1", "(B, L, 2)")
stack.fails("[(2, 3), (2, 4)]", "dim 1 of (2, 3) is 3, that of (2, 4) in stack is 4")


def at_least_1d(tensor: Tensor) -> Tensor:
    """() -> (1,); others as they are."""
    return tensor if tensor.rank else tensor.seen_as(Shape((ONE,)), "contiguous")


def at_least_2d(tensor: Tensor) -> Tensor:
    """() -> (1, 1); (n,) -> (1, n); others as they are."""
    row = at_least_1d(tensor)
    if row.rank > 1:
        return row
    strides = row.strides
    layout = row.layout if row.layout == "contiguous" or strides is None else (ONE, *strides)
    return row.seen_as(Shape((ONE, *row.shape.dims)), layout)


def at_least_3d(tensor: Tensor) -> Tensor:
    """() -> (1, 1, 1); (n,) -> (1, n, 1); (m, n) -> (m, n, 1); others as they are."""
    plane = at_least_2d(tensor)
    if plane.rank > 2:
        return plane
    strides = plane.strides
    layout = plane.layout if plane.layout == "contiguous" or strides is None else (*strides, ONE)
    return plane.seen_as(Shape((*plane.shape.dims, ONE)), layout)


@op("torch.hstack")
def hstack(tensors: Tensors) -> Tensor:
    """cat along dim 1; of tensors (n,) along dim 0. https://docs.pytorch.org/docs/stable/generated/torch.hstack.html"""
    rows = tuple(at_least_1d(tensor) for tensor in tensors)
    result: Tensor = cat.rule(rows, 0 if rows and rows[0].rank == 1 else 1)
    return result


hstack.gives("[(B, L), (B, S)]", "(B, L+S)")
hstack.gives("[(L,), (S,)]", "(L+S,)")
hstack.fails("[(2, 3), (4, 3)]", "in cat along dim 1")


@op("torch.vstack", "torch.row_stack")
def vstack(tensors: Tensors) -> Tensor:
    """cat along dim 0, where (n,) counts as (1, n). https://docs.pytorch.org/docs/stable/generated/torch.vstack.html"""
    result: Tensor = cat.rule(tuple(at_least_2d(tensor) for tensor in tensors), 0)
    return result


vstack.gives("[(D,), (D,)]", "(2, D)")
vstack.gives("[(B, D), (C, D)]", "(B+C, D)")


@op("torch.dstack")
def dstack(tensors: Tensors) -> Tensor:
    """cat along dim 2, where (m, n) counts as (m, n, 1).

    https://docs.pytorch.org/docs/stable/generated/torch.dstack.html
    """
    result: Tensor = cat.rule(tuple(at_least_3d(tensor) for tensor in tensors), 2)
    return result


dstack.gives("[(H, W), (H, W)]", "(H, W, 2)")


@op("torch.column_stack")
def column_stack(tensors: Tensors) -> Tensor:
    """cat along dim 1, where (n,) counts as the column (n, 1).

    https://docs.pytorch.org/docs/stable/generated/torch.column_stack.html
    """
    result: Tensor = hstack.rule(tuple(_column(tensor) for tensor in tensors))
    return result


def _column(tensor: Tensor) -> Tensor:
    if tensor.rank > 1:
        return tensor
    row = at_least_1d(tensor)
    return row.seen_as(Shape((row.shape[0], ONE)), None if row.layout != "contiguous" else "contiguous")


column_stack.gives("[(N,), (N,)]", "(N, 2)")
column_stack.gives("[(N,), (N, D)]", "(N, D+1)")


@op("torch.block_diag")
def block_diag(*tensors: Tensor) -> Tensor:
    """(m1, n1), ..., (mk, nk) -> (m1+...+mk, n1+...+nk), where (n,) counts as (1, n).

    https://docs.pytorch.org/docs/stable/generated/torch.block_diag.html
    """
    rows, columns = const(0), const(0)
    for tensor in tensors:
        need(tensor.rank <= 2, f"block_diag of a tensor of {tensor.rank} dims {tensor.shape}", Trouble.JOIN)
        plane = at_least_2d(tensor)
        rows, columns = rows + plane.shape[0], columns + plane.shape[1]
    if not tensors:
        rows, columns = ONE, const(0)
    return _made(tensors, Shape((rows, columns)))


block_diag.gives("(A, B), (C, D)", "(A+C, B+D)")
block_diag.fails("(2, 3, 4)", "of 3 dims")
