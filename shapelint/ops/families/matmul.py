"""Matrix products: matmul and its kin for two matrices, for batches, and with a sum added."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.dtypes import promoted
from shapelint.ops.families.pointwise import broadcast_all, elementwise
from shapelint.ops.needs import CannotRun, KindNotKnown, Trouble, need, need_equal, need_rank, number
from shapelint.ops.registry import op
from shapelint.ops.signature import DType, Operand, Tensors, Values
from shapelint.ops.tensor import Layout, Tensor
from shapelint.shapes import Shape

PLACES = {-1: "the last dim", -2: "the second-last dim", 0: "the first dim", 1: "the second dim"}


def need_inner(a: Tensor, b: Tensor, at: int, against: int) -> None:
    """The dims that are summed over must be of one size."""
    need_equal(
        a.shape[at], b.shape[against], f"{PLACES[at]} of {a.shape}", f"{PLACES[against]} of {b.shape}", Trouble.MATMUL
    )


def _result(shape: Shape, a: Tensor, b: Tensor, layout: Layout = "contiguous") -> Tensor:
    dtype = promoted(a, b) if a.dtype and b.dtype else a.dtype or b.dtype
    return Tensor(shape, layout, dtype, a.device or b.device)


@op("torch.matmul", "torch.Tensor.matmul", "torch.linalg.matmul")
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """(*b, n, k), (*b, k, m) -> (*b, n, m), the b broadcast; (k,) stands for a row on the left, a column on the right.

    https://docs.pytorch.org/docs/stable/generated/torch.matmul.html
    """
    if input.shape.known and other.shape.known:
        need(
            input.rank > 0 and other.rank > 0,
            f"a matrix product of {input.shape} and {other.shape}, of which one has no dims",
            Trouble.MATMUL,
        )
        return _known(input, other)
    return _partly_known(input, other)


matmul.gives("(B, h, L, d), (B, h, d, S)", "(B, h, L, S)")
matmul.gives("(B, L, D), (D, E)", "(B, L, E)")
matmul.gives("(B, L, D), (D,)", "(B, L)")
matmul.gives("(D,), (B, D, E)", "(B, E)")
matmul.gives("(D,), (D,)", "()")
matmul.fails("(2, 3), (4, 5)", "the last dim of (2, 3) is 3, the second-last dim of (4, 5) is 4")
matmul.fails("(2, 5, 3), (4, 3, 5)", "do not broadcast")


def _known(a: Tensor, b: Tensor) -> Tensor:
    inner = -2 if b.rank > 1 else -1
    need_inner(a, b, -1, inner)
    rows = a.shape.dims[-2:-1] if a.rank > 1 else ()
    columns = b.shape.dims[-1:] if b.rank > 1 else ()
    batch = batch_of(a, b)
    # A row or matrix on the left of a batch is multiplied from the other side, which leaves the result transposed.
    layout: Layout = "contiguous" if a.rank >= b.rank or b.rank <= 2 else None
    return _result(batch.with_last(*rows, *columns, dropping=0), a, b, layout)


def batch_of(a: Tensor, b: Tensor) -> Shape:
    """The broadcast of all but the last two dims."""
    fronts = [Tensor(each.shape.with_last(dropping=min(2, each.shape.least_rank))) for each in (a, b)]
    return broadcast_all(*fronts)


def _partly_known(a: Tensor, b: Tensor) -> Tensor:
    left, right = a.shape, b.shape
    if left.least_rank >= 1 and right.known and right.rank in (1, 2):
        need_inner(a, b, -1, -2 if right.rank == 2 else -1)
        return _result(left.with_last(*right.dims[1:]), a, b)
    if len(left.back or left.front) >= 2 and len(right.back or right.front) >= 2:
        need_inner(a, b, -1, -2)
        batch = batch_of(a, b)
        ends = (left[-2], right[-1])
        return _result(batch.with_last(*ends, dropping=0), a, b, None)
    raise KindNotKnown("the number of dims of a factor is not known")  # a vector, a matrix, or a batch of them


def _matrix(tensor: Tensor, what: str) -> tuple[Dim, Dim]:
    need_rank(tensor, 2, what=what, trouble=Trouble.MATMUL)
    return tensor.shape[0], tensor.shape[1]


@op(
    "torch.mm", "torch.Tensor.mm", "torch.sparse.mm", "torch.smm", "torch.Tensor.smm", "torch.hspmm", "torch.spmm",
    "torch.dsmm",
)  # fmt: skip
def mm(input: Tensor, mat2: Tensor, reduce: Values = None) -> Tensor:
    """(n, k), (k, m) -> (n, m), without broadcasting.

    https://docs.pytorch.org/docs/stable/generated/torch.mm.html
    """
    rows, _ = _matrix(input, "the first factor")
    _, columns = _matrix(mat2, "the second factor")
    need_inner(input, mat2, 1, 0)
    return _result(Shape((rows, columns)), input, mat2)


mm.gives("(n, k), (k, m)", "(n, m)")
mm.fails("(2, 3), (4, 5)", "the second dim of (2, 3) is 3, the first dim of (4, 5) is 4")
mm.fails("(2, 3, 4), (4, 5)", "the first factor has 3 dims (2, 3, 4), not 2")


@op("torch._scaled_mm")
def scaled_mm(
    input: Tensor, mat2: Tensor, scale_a: Values, scale_b: Values, bias: Values = None, scale_result: Values = None,
    out_dtype: DType | None = None, use_fast_accum: Values = False,
) -> Tensor:  # fmt: skip
    """(n, k), (k, m) -> (n, m) in float8, each factor times its scale.

    https://docs.pytorch.org/docs/stable/torch.compiler_ir.html
    """
    product = mm.rule(input, mat2)
    return Tensor(product.shape, product.layout, out_dtype or input.dtype, input.device)


scaled_mm.fails("(2, 3), (4, 5), (1,), (1,)", "the second dim of (2, 3) is 3, the first dim of (4, 5) is 4")


def _batched(batch1: Tensor, batch2: Tensor) -> tuple[Dim, Dim, Dim]:
    need_rank(batch1, 3, what="the first factor", trouble=Trouble.MATMUL)
    need_rank(batch2, 3, what="the second factor", trouble=Trouble.MATMUL)
    need_inner(batch1, batch2, 0, 0)
    need_inner(batch1, batch2, -1, -2)
    return batch1.shape[0], batch1.shape[1], batch2.shape[2]


@op("torch.bmm", "torch.Tensor.bmm")
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """(b, n, k), (b, k, m) -> (b, n, m), without broadcasting.

    https://docs.pytorch.org/docs/stable/generated/torch.bmm.html
    """
    return _result(Shape(_batched(input, mat2)), input, mat2)


bmm.gives("(b, n, k), (b, k, m)", "(b, n, m)")
bmm.fails("(1, 2, 3), (5, 3, 4)", "the first dim of (1, 2, 3) is 1, the first dim of (5, 3, 4) is 5")


@op("torch.mv", "torch.Tensor.mv")
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """(n, m), (m,) -> (n,). https://docs.pytorch.org/docs/stable/generated/torch.mv.html"""
    rows, _ = _matrix(input, "the matrix")
    _vector(vec)
    need_inner(input, vec, 1, 0)
    return _result(Shape((rows,)), input, vec)


mv.gives("(n, m), (m,)", "(n,)")
mv.fails("(2, 3), (2,)", "the second dim of (2, 3) is 3, the first dim of (2,) is 2")


def _vector(tensor: Tensor, what: str = "the vector") -> Dim:
    need_rank(tensor, 1, what=what, trouble=Trouble.MATMUL)
    return tensor.shape[0]


@op("torch.dot", "torch.Tensor.dot", "torch.vdot", "torch.Tensor.vdot")
def dot(input: Tensor, other: Tensor) -> Tensor:
    """(n,), (n,) -> (). https://docs.pytorch.org/docs/stable/generated/torch.dot.html"""
    _vector(input)
    _vector(other)
    need_inner(input, other, 0, 0)
    return _result(Shape(), input, other)


dot.gives("(n,), (n,)", "()")
dot.fails("(2,), (3,)", "the first dim of (2,) is 2, the first dim of (3,) is 3")


@op("torch.inner", "torch.Tensor.inner")
def inner(input: Tensor, other: Tensor) -> Tensor:
    """(*a, k), (*b, k) -> (*a, *b); a scalar multiplies. https://docs.pytorch.org/docs/stable/generated/torch.inner.html"""
    if input.rank == 0 or other.rank == 0:
        return elementwise(input, other, dtype=promoted(input, other))
    need_inner(input, other, -1, -1)
    return _result(Shape(input.shape[:-1] + other.shape[:-1]), input, other)


inner.gives("(n, k), (m, k)", "(n, m)")
inner.gives("(k,), (k,)", "()")
inner.fails("(2, 3), (3, 2)", "the last dim of (2, 3) is 3, the last dim of (3, 2) is 2")


@op("torch.outer", "torch.Tensor.outer", "torch.ger", "torch.Tensor.ger")
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """(n,), (m,) -> (n, m). https://docs.pytorch.org/docs/stable/generated/torch.outer.html"""
    return _result(Shape((_vector(input, "the first vector"), _vector(vec2, "the second vector"))), input, vec2)


outer.gives("(n,), (m,)", "(n, m)")
outer.fails("(2, 3), (4,)", "the first vector has 2 dims (2, 3), not 1")


# -- with a sum --------------------------------------------------------------------------------------------------------


def _added(input: Tensor, *sizes: Dim) -> Tensor:
    """A product of these sizes to which `input` is added, for which it must expand."""
    target = Shape(sizes)
    if len(input.shape) > len(sizes):
        raise CannotRun(f"{input.shape} does not expand to {target}", Trouble.BROADCAST)
    for old, new in zip(reversed(input.shape.dims), reversed(sizes), strict=False):
        if number(old) != 1:
            need_equal(old, new, f"a size of {input.shape}", f"that of the product {target}", Trouble.BROADCAST)
    return input.made(target)


@op("torch.addmm", "torch.Tensor.addmm", "torch.sparse.addmm", "torch.sspaddmm")
def addmm(input: Operand, mat1: Tensor, mat2: Tensor, *, beta: Values = 1, alpha: Values = 1) -> Tensor:
    """(n, m), (n, k), (k, m) -> (n, m), the first broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.addmm.html
    """
    product = mm.rule(mat1, mat2)
    return _added(input, *product.shape)


addmm.gives("(m,), (n, k), (k, m)", "(n, m)")
addmm.gives("1, (m,), 2, (n, k), (k, m)", "(n, m)")
addmm.gives("(m,), 1, (n, k), (k, m)", "(n, m)")
addmm.fails("(2,), (4, 5), (5, 3)", "a size of (2,) is 2, that of the product (4, 3) is 3")
addmm.fails("(3,), (4, 5), (6, 3)", "the second dim of (4, 5) is 5, the first dim of (6, 3) is 6")


@op("torch.sparse.sampled_addmm")
def sampled_addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Values = 1, alpha: Values = 1) -> Tensor:
    """(n, m) in a sparse form, (*b, n, k), (*b, k, m) -> (*b, n, m).

    https://docs.pytorch.org/docs/stable/generated/torch.sparse.sampled_addmm.html
    """
    return matmul.rule(mat1, mat2)  # type: ignore[no-any-return]


@op("torch.addbmm", "torch.Tensor.addbmm", reshapes_in_place=True)
def addbmm(input: Operand, batch1: Tensor, batch2: Tensor, *, beta: Values = 1, alpha: Values = 1) -> Tensor:
    """(n, m), (b, n, k), (b, k, m) -> (n, m), the first broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.addbmm.html
    """
    _, rows, columns = _batched(batch1, batch2)
    return _added(input, rows, columns)


addbmm.gives("(n, m), (b, n, k), (b, k, m)", "(n, m)")


@op("torch.baddbmm", "torch.Tensor.baddbmm")
def baddbmm(input: Operand, batch1: Tensor, batch2: Tensor, *, beta: Values = 1, alpha: Values = 1) -> Tensor:
    """(b, n, m), (b, n, k), (b, k, m) -> (b, n, m), the first broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.baddbmm.html
    """
    return _added(input, *_batched(batch1, batch2))


baddbmm.gives("(1, n, m), (b, n, k), (b, k, m)", "(b, n, m)")


@op("torch.addmv", "torch.Tensor.addmv")
def addmv(input: Operand, mat: Tensor, vec: Tensor, *, beta: Values = 1, alpha: Values = 1) -> Tensor:
    """(n,), (n, m), (m,) -> (n,), the first broadcast. https://docs.pytorch.org/docs/stable/generated/torch.addmv.html"""
    return _added(input, *mv.rule(mat, vec).shape)


addmv.gives("(n,), (n, m), (m,)", "(n,)")


@op("torch.addr", "torch.Tensor.addr")
def addr(input: Operand, vec1: Tensor, vec2: Tensor, *, beta: Values = 1, alpha: Values = 1) -> Tensor:
    """(n, m), (n,), (m,) -> (n, m), the first broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.addr.html
    """
    return _added(input, *outer.rule(vec1, vec2).shape)


addr.gives("(n, m), (n,), (m,)", "(n, m)")


# -- chains ------------------------------------------------------------------------------------------------------------


@op("torch.linalg.multi_dot")
def multi_dot(tensors: Tensors) -> Tensor:
    """[(a, b), (b, c), ..., (y, z)] -> (a, z); the first may be (b,), the last (y,).

    https://docs.pytorch.org/docs/stable/generated/torch.linalg.multi_dot.html
    """
    need(len(tensors) >= 2, f"a product of {len(tensors)} matrices", Trouble.MATMUL)
    for position, tensor in enumerate(tensors):
        ranks = (1, 2) if position in (0, len(tensors) - 1) else (2,)
        need_rank(tensor, *ranks, what=f"factor {position}", trouble=Trouble.MATMUL)
    result = tensors[0]
    for tensor in tensors[1:]:
        result = _known(result, tensor)
    return result


multi_dot.gives("[(a, b), (b, c), (c, d)]", "(a, d)")
multi_dot.fails("[(2, 3), (4, 5)]", "the last dim of (2, 3) is 3, the second-last dim of (4, 5) is 4")


@op("torch.chain_matmul")
def chain_matmul(*matrices: Tensor) -> Tensor:
    """(a, b), (b, c), ..., (y, z) -> (a, z). https://docs.pytorch.org/docs/stable/generated/torch.chain_matmul.html"""
    need(len(matrices) >= 1, "a product of no matrices", Trouble.MATMUL)
    result = matrices[0]
    _matrix(result, "factor 0")
    for matrix in matrices[1:]:
        result = mm.rule(result, matrix)
    return result


chain_matmul.gives("(a, b), (b, c), (c, d)", "(a, d)")
