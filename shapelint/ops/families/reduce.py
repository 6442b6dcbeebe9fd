"""Reductions: some dims of a tensor, or all, become one element each; they are dropped, or kept as 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from shapelint.dims import Dim
from shapelint.ops.along import all_found, found, replaced
from shapelint.ops.dtypes import floating, kind, promoted
from shapelint.ops.elements import numbered
from shapelint.ops.families.pointwise import broadcast_all, elementwise
from shapelint.ops.needs import Trouble, need, need_at_least, need_equal, number
from shapelint.ops.registry import Op, add, op
from shapelint.ops.signature import DType, Ints, Parameter, Values, convert
from shapelint.ops.tensor import ONE, Tensor
from shapelint.shapes import Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch."
REAL = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}


class Extreme(NamedTuple):
    """The elements that a reduction picks, and where along the dim they stood."""

    values: Tensor
    indices: Tensor


class MinMax(NamedTuple):
    """The least and the greatest elements."""

    min: Tensor
    max: Tensor


def reduced_shape(input: Tensor, dim: Ints | None, keepdim: bool) -> Shape:
    """The input's shape with these dims (all of them for None and for none) dropped, or kept as 1."""
    if not dim:
        return Shape((ONE,) * input.rank) if keepdim else Shape()
    input, places = all_found(input, dim)
    if input.shape.known and input.rank == 0:
        need(len(places) == 1, f"a dim named twice: {dim}", Trouble.DIM_INDEX)
        return Shape()
    need(len(set(places)) == len(places), f"a dim named twice: {dim}", Trouble.DIM_INDEX)
    shape = input.shape
    # From the middle outwards, so that the places not yet visited stay valid: from the end those counted from the
    # front, from the front those counted from the end.
    for at in sorted((p for p in places if p >= 0), reverse=True) + sorted(p for p in places if p < 0):
        shape = replaced(shape, at, *((ONE,) if keepdim else ()))
    return shape


def need_elements(input: Tensor, dim: Ints | None, operation: str) -> None:
    """The dims that are reduced must not be of size 0."""
    if dim is None and not input.shape.known:
        return
    input, places = all_found(input, dim or tuple(range(input.rank)))
    if input.shape.known and input.rank == 0:
        return
    for at in places:
        need(number(input.shape[at]) != 0, f"{operation} over dim {at} of {input.shape}, which is of size 0")


def as_dims(dim: Values) -> Ints | None:
    """An argument `dim` as numbers. Raises NotKnown."""
    dims: Ints | None = convert(dim, Parameter("dim", "Ints", True, None))
    return dims


# -- to one value ------------------------------------------------------------------------------------------------------


def summed(dtype: str | None) -> str | None:
    """The dtype of a sum: int64 for bools and integers."""
    return dtype if dtype is None or kind(dtype) > 1 else "int64"


def real(dtype: str | None) -> str | None:
    """The dtype of a norm or deviation: that of the real part, never integral."""
    return REAL.get(dtype or "", floating(dtype))


def truth(dtype: str | None) -> str | None:
    """The dtype of `any` and `all`: bool, but uint8 for uint8."""
    return dtype if dtype in (None, "uint8") else "bool"


def same(dtype: str | None) -> str | None:
    """The dtype of elements that are picked."""
    return dtype


REDUCTIONS: dict[str, Callable[[str | None], str | None]] = {
    "sum": summed, "nansum": summed, "mean": floating, "nanmean": floating, "prod": summed,
    "logsumexp": floating, "any": truth, "all": truth,
}  # fmt: skip
PICKING = ("amax", "amin")
FORMULA = "(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b), for each d of `dim`; without `dim` -> ()."


def _reduction(name: str, dtype_of: Callable[[str | None], str | None], *, picking: bool = False) -> None:
    def rule(input: Tensor, dim: Ints | None = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
        if picking:
            need_elements(input, dim, name)
        if name in ("any", "all") and dim == ():
            return input.made(input.shape, dtype_of(input.dtype))
        result = input.made(reduced_shape(input, dim, keepdim), dtype or dtype_of(input.dtype))
        return numbered(result, name.removeprefix("a") if picking else name, input)

    rule.__doc__ = f"{FORMULA}\n\n{PAGE}{name}.html"
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}", *ALSO.get(name, ())))
    entry.gives("(B, C, L), 1", "(B, L)")
    entry.gives("(B, C, L), -1, True", "(B, C, 1)")
    if name != "prod":  # which takes one dim only
        entry.gives("(B, C, L), (0, 2)", "(C,)")
    if name != "logsumexp":  # which must be told a dim
        entry.gives("(B, C, L)", "()")
    entry.fails("(B, C), 2", "dim 2 of a tensor of 2 dims")
    add(entry)


ALSO = {"logsumexp": ("torch.special.logsumexp",)}
for _name, _dtype in REDUCTIONS.items():
    _reduction(_name, _dtype)
for _name in PICKING:
    _reduction(_name, same, picking=True)


@op("torch.count_nonzero", "torch.Tensor.count_nonzero")
def count_nonzero(input: Tensor, dim: Ints | None = None) -> Tensor:
    """(*a, d, *b) -> (*a, *b) for each d of `dim`; without `dim` -> ().

    https://docs.pytorch.org/docs/stable/generated/torch.count_nonzero.html
    """
    return input.made(reduced_shape(input, dim, False), "int64")


count_nonzero.gives("(B, C, L), (0, 1)", "(L,)")
count_nonzero.gives("(B, C)", "()")


@op("torch.hash_tensor", "torch.Tensor.hash_tensor")
def hash_tensor(input: Tensor, dim: Ints | None = None, *, keepdim: bool = False, mode: Values = 0) -> Tensor:
    """(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b), for each d of `dim`; without `dim` -> ().

    https://docs.pytorch.org/docs/stable/generated/torch.hash_tensor.html
    """
    return input.made(reduced_shape(input, dim, keepdim), "uint64")


hash_tensor.gives("(B, C, L), (0, 1)", "(L,)")
hash_tensor.gives("(B, C)", "()")


@op("torch.Tensor.sum_to_size")
def sum_to_size(input: Tensor, *size: Dim) -> Tensor:
    """(*a) -> (*size), to which it could have been expanded from.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.sum_to_size.html
    """
    sizes = input.shape.dims
    need(len(size) <= len(sizes), f"size {Shape(size)} has more dims than {input.shape}", Trouble.EXPAND)
    for new, old in zip(reversed(size), reversed(sizes), strict=False):
        if number(new) != 1:
            need_equal(old, new, f"a size of {input.shape}", f"that of {Shape(size)}", Trouble.EXPAND)
    return input.made(Shape(size))


sum_to_size.gives("(B, L, D), 1, D", "(1, D)")
sum_to_size.fails("(2, 3), 2, 2", "a size of (2, 3) is 3, that of (2, 2) is 2")


# -- deviations and norms ----------------------------------------------------------------------------------------------


def _deviation(name: str) -> None:
    def rule(
        input: Tensor, dim: Values = None, unbiased: Values = True, keepdim: bool = False, *, correction: Values = None
    ) -> Tensor:
        shape = reduced_shape(input, None if isinstance(dim, bool) else as_dims(dim), keepdim)
        return input.made(shape, real(input.dtype))

    def pair(
        input: Tensor, dim: Values = None, unbiased: Values = True, keepdim: bool = False, *, correction: Values = None
    ) -> tuple[Tensor, Tensor]:
        shape = reduced_shape(input, None if isinstance(dim, bool) else as_dims(dim), keepdim)
        return input.made(shape, real(input.dtype)), input.made(shape)

    rule.__doc__ = f"{FORMULA}\n\n{PAGE}{name}.html"
    pair.__doc__ = f"Two of them: {FORMULA}\n\n{PAGE}{name}_mean.html"
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}"))
    entry.gives("(B, C, L), -1", "(B, C)")
    entry.gives("(B, C, L), False", "()")
    entry.gives("(B, C, L), (0, 2), keepdim=True", "(1, C, 1)")
    add(entry)
    add(Op(pair, (f"torch.{name}_mean",)))


for _name in ("std", "var"):
    _deviation(_name)


@op("torch.norm", "torch.Tensor.norm")
def norm(
    input: Tensor, p: Values = "fro", dim: Ints | None = None, keepdim: bool = False, dtype: DType | None = None
) -> Tensor:
    """(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b), for each d of `dim`; without `dim` -> ().

    https://docs.pytorch.org/docs/stable/generated/torch.norm.html
    """
    return input.made(reduced_shape(input, dim, keepdim), dtype or real(input.dtype))


norm.gives("(B, C, L), 2, -1", "(B, C)")
norm.gives("(B, C, L)", "()")
norm.gives("(B, C, L), dim=1, keepdim=True", "(B, 1, L)")


@op("torch.dist", "torch.Tensor.dist")
def dist(input: Tensor, other: Tensor, p: Values = 2) -> Tensor:
    """(*a), (*b) -> (), the norm of their difference, for which they must broadcast.

    https://docs.pytorch.org/docs/stable/generated/torch.dist.html
    """
    broadcast_all(input, other)
    return input.made(Shape(), real(promoted(input, other)))


dist.gives("(B, D), (D,)", "()")
dist.fails("(2, 3), (4,)", "do not broadcast")


# -- elements that are picked ------------------------------------------------------------------------------------------


def picked(input: Tensor, dim: int, keepdim: bool, name: str = "") -> Extreme:
    """One element along a dim, and its index."""
    shape = reduced_shape(input, (dim,), keepdim)
    values = input.made(shape)
    return Extreme(numbered(values, name, input) if name else values, input.made(shape, "int64"))


def _extreme(name: str) -> None:
    def rule(
        input: Tensor, dim: Tensor | int | None = None, keepdim: bool = False, *, other: Tensor | None = None
    ) -> Tensor | Extreme:
        second = dim if isinstance(dim, Tensor) else other
        if second is not None:
            return elementwise(input, second, dtype=promoted(input, second))
        if dim is None:
            need_elements(input, None, name)
            return numbered(input.made(Shape()), name, input)
        assert not isinstance(dim, Tensor)
        need_elements(input, (dim,), name)
        return picked(input, dim, keepdim, name)

    rule.__doc__ = (
        "(*a) -> (); with `dim` (*a, d, *b) -> values (*a, *b), indices (*a, *b); of two tensors: their broadcast."
        f"\n\n{PAGE}{name}.html"
    )
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}"))
    entry.gives("(B, C, L)", "()")
    entry.gives("(B, C, L), 1", "(B, L), (B, L)")
    entry.gives("(B, C, L), -1, True", "(B, C, 1), (B, C, 1)")
    entry.gives("(B, C), (C,)", "(B, C)")
    entry.fails("(B, C), 2", "dim 2 of a tensor of 2 dims")
    add(entry)


def _middle(name: str) -> None:
    def rule(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor | Extreme:
        if dim is None:
            return input.made(Shape())
        need_elements(input, (dim,), name)
        return picked(input, dim, keepdim)

    rule.__doc__ = f"(*a) -> (); with `dim` (*a, d, *b) -> values (*a, *b), indices (*a, *b).\n\n{PAGE}{name}.html"
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}"))
    entry.gives("(B, C)", "()")
    entry.gives("(B, C), 0", "(C,), (C,)")
    add(entry)


def _place(name: str) -> None:
    def rule(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
        need_elements(input, None if dim is None else (dim,), name)
        return input.made(reduced_shape(input, None if dim is None else (dim,), keepdim), "int64")

    rule.__doc__ = f"(*a, d, *b) -> (*a, *b), with keepdim (*a, 1, *b); without `dim` -> ().\n\n{PAGE}{name}.html"
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}"))
    entry.gives("(B, C)", "()")
    entry.gives("(B, C), -1", "(B,)")
    entry.gives("(B, C), 0, True", "(1, C)")
    add(entry)


for _name in ("max", "min"):
    _extreme(_name)
for _name in ("median", "nanmedian"):
    _middle(_name)
for _name in ("argmax", "argmin"):
    _place(_name)


@op("torch.aminmax", "torch.Tensor.aminmax")
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> MinMax:
    """(*a, d, *b) -> min (*a, *b), max (*a, *b); without `dim` -> (), ().

    https://docs.pytorch.org/docs/stable/generated/torch.aminmax.html
    """
    dims = None if dim is None else (dim,)
    need_elements(input, dims, "aminmax")
    result = input.made(reduced_shape(input, dims, keepdim))
    return MinMax(result, result)


aminmax.gives("(B, C), dim=1", "(B,), (B,)")


@op("torch.mode", "torch.Tensor.mode")
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> Extreme:
    """(*a, d, *b) -> values (*a, *b), indices (*a, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.mode.html
    """
    need_elements(input, (dim,), "mode")
    return picked(input, dim, keepdim)


mode.gives("(B, C)", "(B,), (B,)")


@op("torch.kthvalue", "torch.Tensor.kthvalue")
def kthvalue(input: Tensor, k: Dim, dim: int = -1, keepdim: bool = False) -> Extreme:
    """(*a, d, *b), k -> values (*a, *b), indices (*a, *b), for 1 <= k <= d.

    https://docs.pytorch.org/docs/stable/generated/torch.kthvalue.html
    """
    seen, at = found(input, dim)
    size = ONE if seen.shape.known and seen.rank == 0 else seen.shape[at]
    need_at_least(size, k, f"k is {k}, dim {dim} of {seen.shape} is {size}")
    need_at_least(k, 1, f"k is {k}")
    return picked(input, dim, keepdim)


kthvalue.gives("(B, C), 2, 0", "(C,), (C,)")
kthvalue.fails("(2, 3), 4", "k is 4, dim -1 of (2, 3) is 3")


def _quantile(name: str) -> None:
    def rule(
        input: Tensor, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *,
        interpolation: Values = "linear",
    ) -> Tensor:  # fmt: skip
        if input.shape.known:
            need_elements(input, None, name)
        shape = reduced_shape(input, None if dim is None else (dim,), keepdim)
        if not isinstance(q, Tensor) or q.rank == 0:
            return input.made(shape)
        need(q.rank == 1, f"q has {q.rank} dims {q.shape}, not 0 or 1")
        stacked = Shape((q.shape[0], *shape.front), shape.run, shape.back)
        return Tensor(stacked, None, input.dtype, input.device)

    rule.__doc__ = f"(*a, d, *b), () -> (*a, *b); q of (n,) -> (n, *a, *b); without `dim` of all.\n\n{PAGE}{name}.html"
    entry = Op(rule, (f"torch.{name}", f"torch.Tensor.{name}"))
    entry.gives("(B, C), (n,), 1", "(n, B)")
    entry.gives("(B, C), 0.5, 1", "(B,)")
    entry.gives("(B, C), (n,)", "(n,)")
    entry.fails("(B, C), (2, 3)", "q has 2 dims (2, 3), not 0 or 1")
    add(entry)


for _name in ("quantile", "nanquantile"):
    _quantile(_name)
