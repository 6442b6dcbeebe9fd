"""Products and distances of vectors inside tensors: tensordot, kron, cross, cdist, cosine_similarity, cov."""

from __future__ import annotations

from shapelint.dims import Dim, const
from shapelint.ops.dtypes import floating, promoted
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.families.reduce import reduced_shape
from shapelint.ops.needs import CannotRun, Trouble, index_of, need, need_equal, need_rank, number, seeing
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

THREE = const(3)


@op("torch.tensordot")
def tensordot(a: Tensor, b: Tensor, dims: Values = 2) -> Tensor:
    """(*a, *k), (*k, *b), len(k) -> (*a, *b); or the dims to sum over of each, ([...], [...]).

    https://docs.pytorch.org/docs/stable/generated/torch.tensordot.html
    """
    left, right = _summed_dims(a, b, dims)
    for i, j in zip(left, right, strict=True):
        if number(a.shape[i]) != 1 and number(b.shape[j]) != 1:  # a 1 is broadcast here
            need_equal(a.shape[i], b.shape[j], f"dim {i} of {a.shape}", f"dim {j} of {b.shape}", Trouble.MATMUL)
    rest = [size for i, size in enumerate(a.shape) if i not in left]
    rest += [size for j, size in enumerate(b.shape) if j not in right]
    return a.made(Shape(tuple(rest)))


def _summed_dims(a: Tensor, b: Tensor, dims: Values) -> tuple[list[int], list[int]]:
    if isinstance(dims, (Unknown, Tensor)):
        raise NotKnown("dims is not known")
    if isinstance(dims, (int, Dim)):
        count = number(dims)
        if count is None:
            raise NotKnown(f"dims is {dims}, which is not a known number")
        need(0 <= count <= min(a.rank, b.rank), f"dims is {count} for {a.shape} and {b.shape}", Trouble.MATMUL)
        return list(range(a.rank - count, a.rank)), list(range(count))
    need(isinstance(dims, (tuple, list)) and len(dims) == 2, "dims is neither a number nor two lists")
    left, right = (_indices(each, tensor) for each, tensor in zip(dims, (a, b), strict=True))
    need(len(left) == len(right), f"{len(left)} dims of {a.shape} against {len(right)} of {b.shape}", Trouble.MATMUL)
    return left, right


def _indices(dims: Values, tensor: Tensor) -> list[int]:
    places = []
    for each in dims if isinstance(dims, (tuple, list)) else (dims,):
        at = number(each) if isinstance(each, (int, Dim)) else None
        if at is None:
            raise NotKnown("dims is not known")
        places.append(index_of(at, tensor.rank))
    need(len(set(places)) == len(places), f"a dim of {tensor.shape} named twice", Trouble.DIM_INDEX)
    return places


tensordot.gives("(B, L, D), (D, E), 1", "(B, L, E)")
tensordot.gives("(a, b, c), (b, a, d), ([0, 1], [1, 0])", "(c, d)")
tensordot.fails("(2, 3), (4, 5), 1", "dim 1 of (2, 3) is 3, dim 0 of (4, 5) is 4")


@op("torch.kron", "torch.Tensor.kron")
def kron(input: Tensor, other: Tensor) -> Tensor:
    """(a1, ..., an), (b1, ..., bn) -> (a1*b1, ..., an*bn); the shorter one gets dims of 1 in front.

    https://docs.pytorch.org/docs/stable/generated/torch.kron.html
    """
    a, b = input.shape.dims, other.shape.dims
    rank = max(len(a), len(b))
    a, b = (ONE,) * (rank - len(a)) + a, (ONE,) * (rank - len(b)) + b
    sizes = tuple(x * y for x, y in zip(a, b, strict=True))
    return Tensor(Shape(sizes), "contiguous", promoted(input, other), input.device)


kron.gives("(a, b), (c, d)", "(a*c, b*d)")
kron.gives("(a,), (b, c)", "(b, a*c)")


def _cross(input: Tensor, other: Tensor, dim: int) -> Tensor:
    need(input.rank == other.rank, f"a cross product of {input.shape} and {other.shape}, of unlike numbers of dims")
    at = index_of(dim, input.rank)
    need(input.rank > 0, "a cross product of scalars")
    for tensor in (input, other):
        need_equal(tensor.shape[at], THREE, f"dim {dim} of {tensor.shape}", "what a cross product needs")
    return Tensor(broadcast_all(input, other), None, promoted(input, other), input.device)


@op("torch.linalg.cross")
def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """(*, 3), (*, 3) -> (*, 3), broadcast. https://docs.pytorch.org/docs/stable/generated/torch.linalg.cross.html"""
    return _cross(input, other, dim)


linalg_cross.gives("(B, 3), (B, 3)", "(B, 3)")
linalg_cross.fails("(2, 4), (2, 4)", "dim -1 of (2, 4) is 4, what a cross product needs is 3")


@op("torch.cross", "torch.Tensor.cross")
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """(*, 3, *), (*, 3, *) -> (*, 3, *), broadcast; without `dim` along the first dim of 3.

    https://docs.pytorch.org/docs/stable/generated/torch.cross.html
    """
    if dim is None:
        shape = broadcast_all(input, other)
        dim = next((i for i, size in enumerate(input.shape) if number(size) == 3), None)
        if dim is None:
            if all(number(size) is not None for size in input.shape):
                raise CannotRun(f"a cross product of {input.shape} and {other.shape}, which have no dim of 3")
            return Tensor(shape, None, promoted(input, other), input.device)
    return _cross(input, other, dim)


cross.gives("(B, 3), (B, 3), 1", "(B, 3)")


# -- distances ---------------------------------------------------------------------------------------------------------


@op("torch.cdist")
def cdist(
    x1: Tensor, x2: Tensor, p: Values = 2.0, compute_mode: Values = "use_mm_for_euclid_dist_if_necessary"
) -> Tensor:
    """(*b, n, d), (*b, m, d) -> (*b, n, m), the b broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.cdist.html
    """
    x1, x2 = seeing(x1, 2), seeing(x2, 2)
    for tensor in (x1, x2):
        need(tensor.shape.least_rank >= 2, f"cdist of {tensor.shape}, which has less than 2 dims")
    need_equal(x1.shape[-1], x2.shape[-1], f"the last dim of {x1.shape}", f"the last dim of {x2.shape}", Trouble.MATMUL)
    batch = broadcast_all(*(Tensor(x.shape.with_last(dropping=2)) for x in (x1, x2)))
    ends = (x1.shape[-2], x2.shape[-2])
    return Tensor(batch.with_last(*ends, dropping=0), None, x1.dtype, x1.device)


cdist.gives("(B, n, d), (B, m, d)", "(B, n, m)")
cdist.fails("(2, 3), (4, 5)", "the last dim of (2, 3) is 3, the last dim of (4, 5) is 5")


@op("torch.pdist", "torch.nn.functional.pdist")
def pdist(input: Tensor, p: Values = 2.0) -> Tensor:
    """(n, d) -> (n*(n - 1)/2,). https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pdist.html"""
    need_rank(input, 2, trouble=Trouble.ARGUMENT)
    count = input.shape[0]
    return input.with_shape(count * (count - 1) // 2)


pdist.gives("(n, d)", "((n*n - n)//2,)")
pdist.fails("(2, 3, 4)", "the input has 3 dims (2, 3, 4), not 2")


@op("torch.cosine_similarity", "torch.nn.functional.cosine_similarity")
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: Values = 1e-8) -> Tensor:
    """(*a, d, *b), (*a, d, *b) -> (*a, *b), broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html
    """
    both = x1.made(broadcast_all(x1, x2), promoted(x1, x2))
    return Tensor(reduced_shape(both, (dim,), False), "contiguous", floating(both.dtype), both.device)


cosine_similarity.gives("(B, D), (B, D)", "(B,)")
cosine_similarity.gives("(B, 1, D), (1, C, D), -1", "(B, C)")


@op("torch.pairwise_distance", "torch.nn.functional.pairwise_distance")
def pairwise_distance(x1: Tensor, x2: Tensor, p: Values = 2.0, eps: Values = 1e-6, keepdim: bool = False) -> Tensor:
    """(*, d), (*, d) -> (*), with keepdim (*, 1), broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html
    """
    both = x1.made(broadcast_all(x1, x2), promoted(x1, x2))
    return both.made(reduced_shape(both, (-1,), keepdim))


pairwise_distance.gives("(B, D), (B, D)", "(B,)")
pairwise_distance.fails("(2, 3), (2, 4)", "do not broadcast")


# -- covariances -------------------------------------------------------------------------------------------------------


def _covariance(input: Tensor) -> Tensor:
    rank = need_rank(input, 0, 1, 2, trouble=Trouble.ARGUMENT)
    sizes = (input.shape[0], input.shape[0]) if rank == 2 and number(input.shape[0]) != 1 else ()
    return input.made(Shape(sizes), floating(input.dtype))


@op("torch.cov", "torch.Tensor.cov")
def cov(
    input: Tensor, *, correction: Values = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """(n, m) -> (n, n): n variables, m observations; (m,) -> ().

    https://docs.pytorch.org/docs/stable/generated/torch.cov.html
    """
    result = _covariance(input)
    observations = input.shape[-1] if input.rank else ONE
    for weights, name in ((fweights, "fweights"), (aweights, "aweights")):
        if weights is not None:
            need(weights.rank <= 1, f"{name} has {weights.rank} dims {weights.shape}")
            count = weights.shape[0] if weights.rank else ONE
            need_equal(count, observations, f"the number of {name}", "that of observations")
    return result


cov.gives("(n, m)", "(n, n)")
cov.gives("(m,)", "()")
cov.fails("(2, 3, 4)", "the input has 3 dims (2, 3, 4), not 0 or 1 or 2")


@op("torch.corrcoef", "torch.Tensor.corrcoef")
def corrcoef(input: Tensor) -> Tensor:
    """(n, m) -> (n, n): n variables, m observations; (m,) -> ().

    https://docs.pytorch.org/docs/stable/generated/torch.corrcoef.html
    """
    return _covariance(input)


corrcoef.gives("(n, m)", "(n, n)")


@op("torch.renorm", "torch.Tensor.renorm")
def renorm(input: Tensor, p: Values, dim: int, maxnorm: Values) -> Tensor:
    """(*) -> (*), of 2 dims or more. https://docs.pytorch.org/docs/stable/generated/torch.renorm.html"""
    need(input.rank >= 2, f"renorm of a tensor of {input.rank} dims {input.shape}, not 2 or more", Trouble.DIM_INDEX)
    index_of(dim, input.rank)
    return Tensor(input.shape, None, input.dtype, input.device)


renorm.gives("(B, D), 2, 0, 1.0", "(B, D)")
renorm.fails("(3,), 2, 0, 1.0", "renorm of a tensor of 1 dims")
