"""Operators that regroup dims without moving data: view, reshape, flatten, unflatten."""

from __future__ import annotations

from shapelint.dims import Dim, polynomial_quotient, product
from shapelint.ops.along import elements_of
from shapelint.ops.dtypes import dtype_named
from shapelint.ops.families.convert import reinterpreted
from shapelint.ops.layout import NoView, view_layout
from shapelint.ops.needs import CannotRun, Trouble, current, index_of, is_equal, need, need_equal
from shapelint.ops.registry import layer, op
from shapelint.ops.signature import Parameter, Sizes, Values, convert_all
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape


def regrouped(input: Tensor, sizes: tuple[Dim, ...], *, copying: bool) -> Tensor:
    """The tensor under sizes of as many elements. Raises CannotRun where memory does not allow it without a copy."""
    try:
        layout = view_layout(input, sizes, copying=copying)
    except NoView as gap:
        if not copying:
            if _may_be_kept(input.shape, sizes):
                raise NotKnown(f"whether {input.shape} is as large at its end as {Shape(sizes)}") from None
            raise CannotRun(_why_no_view(input, gap), Trouble.LAYOUT) from None
        layout = "contiguous"
    return input.seen_as(Shape(sizes), layout)


def _may_be_kept(shape: Shape, sizes: tuple[Dim, ...]) -> bool:
    """Whether the last dim is one that nobody has spoken of and may be the number that the last size is.

    Then the view only takes the dims before it together: `x[..., 2:].view(-1, 2)`.
    """
    if not shape.known or not shape.dims or not sizes or sizes[-1].value is None:
        return False
    last = shape.dims[-1]
    is_unnamed = bool(last.symbols) and all(symbol.name == "_" for symbol in last.symbols)
    return is_unnamed and current().facts.equality(last, sizes[-1]) is None


def _why_no_view(input: Tensor, gap: NoView) -> str:
    first, second = sorted((gap.first, gap.second))
    if first == second:
        return f"the tensor {input.shape} is not contiguous"
    return f"the tensor {input.shape} is not contiguous: dims {first} and {second} do not lie together in memory"


def whole_count(input: Tensor, sizes: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The sizes with a -1 among them worked out. Raises CannotRun where the numbers of elements cannot agree."""
    free = [i for i, size in enumerate(sizes) if size.value == -1]
    need(len(free) <= 1, "only one size can be -1", Trouble.COUNT)
    negative = [size for size in sizes if size.value is not None and size.value < -1]
    need(not negative, f"a size of {negative[0] if negative else 0}", Trouble.COUNT)
    run = input.shape.run
    if run is not None and not free:
        return sizes
    total = product(input.shape.seen()) * (elements_of(run) if run is not None else 1)
    given = product(size for i, size in enumerate(sizes) if i not in free)
    if not free:
        _need_count(input, total, given, sizes)
        return sizes
    missing = inferred_size(input, total, given, sizes)
    return (*sizes[: free[0]], missing, *sizes[free[0] + 1 :])


def _need_count(input: Tensor, total: Dim, given: Dim, sizes: tuple[Dim, ...]) -> None:
    if given.value == 0 and current().facts.value_of(total) is None:
        return  # a tensor that its author knows to be empty
    if is_equal(total, given):
        return  # before shapes are printed
    need_equal(total, given, f"the number of elements of {input.shape}", f"that of {Shape(sizes)}", Trouble.COUNT)


def inferred_size(input: Tensor, total: Dim, given: Dim, sizes: tuple[Dim, ...]) -> Dim:
    """What stands for the -1: the elements that are left, which `given` must divide."""
    context = current()
    exact = polynomial_quotient(total, given)
    if exact is not None:
        return exact
    left, right = context.facts.normalize(total), context.facts.normalize(given)
    need(right.value != 0, f"-1 in {Shape(sizes)} of a tensor without elements", Trouble.COUNT)
    exact = polynomial_quotient(left, right)
    if exact is not None:
        return exact
    if not input.shape.known:
        return context.untold(chosen=input.shape.given)
    if not context.facts.holds_divides(given, total):
        if context.facts.equality(total % given, 0) is False:
            raise CannotRun(f"{total} elements of {input.shape} cannot make {Shape(sizes)}", Trouble.COUNT)
        context.assume_divides(given, total)
    return total // given


@op("torch.Tensor.view")
def view(input: Tensor, *shape: Values, dtype: Values = None) -> Tensor:
    """(*a) -> (*shape) of as many elements; one -1 is worked out; memory must allow it without a copy.

    Given a dtype instead, the same bytes: the last dim counts elements of another size.
    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
    """
    other = shape[0] if len(shape) == 1 else dtype
    if isinstance(other, (str, type)) or dtype is not None:
        return reinterpreted(input, dtype_named(other) or "")
    sizes = tuple(convert_all(shape, _SIZES))
    return regrouped(input, whole_count(input, sizes), copying=False)


_SIZES = Parameter("shape", "Dim", False, None, variadic=True)


view.gives("(B, C, H, W), B, C, H*W", "(B, C, H*W)")
view.gives("(B, C, H, W), B, -1", "(B, C*H*W)")
view.gives("(B, L, 8*d), B, L, 8, -1", "(B, L, 8, d)")
view.fails("(2, 3), 4, 2", "number of elements of (2, 3) is 6, that of (4, 2) is 8")
view.fails("(2, 3), -1, -1", "only one size can be -1")


@op("torch.reshape", "torch.Tensor.reshape")
def reshape(input: Tensor, *shape: Dim) -> Tensor:
    """(*a) -> (*shape) of as many elements; one -1 is worked out; copies where a view is not possible.

    https://docs.pytorch.org/docs/stable/generated/torch.reshape.html
    """
    return regrouped(input, whole_count(input, shape), copying=True)


reshape.gives("(B, C, H, W), B, -1", "(B, C*H*W)")
reshape.fails("(2, 3), 0, 2", "number of elements")
reshape.fails("(2, 3), 7", "number of elements")


@op("torch.Tensor.view_as")
def view_as(input: Tensor, other: Tensor) -> Tensor:
    """(*a), (*b) -> (*b). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view_as.html"""
    return regrouped(input, whole_count(input, other.shape.dims), copying=False)


@op("torch.Tensor.reshape_as")
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """(*a), (*b) -> (*b). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.reshape_as.html"""
    return regrouped(input, whole_count(input, other.shape.dims), copying=True)


@op("torch.flatten", "torch.Tensor.flatten")
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """(*a, d1, ..., dn, *b) -> (*a, d1*...*dn, *b); a scalar becomes (1,).

    https://docs.pytorch.org/docs/stable/generated/torch.flatten.html
    """
    rank = input.rank
    if rank == 0:
        return input.with_shape(1)
    first, last = index_of(start_dim, rank, "start_dim"), index_of(end_dim, rank, "end_dim")
    need(first <= last, f"start_dim {start_dim} comes after end_dim {end_dim}", Trouble.DIM_INDEX)
    sizes = input.shape.dims
    return regrouped(input, (*sizes[:first], product(sizes[first : last + 1]), *sizes[last + 1 :]), copying=True)


flatten.gives("(B, C, H, W), 2", "(B, C, H*W)")
flatten.gives("(B, C, H, W), 1, 2", "(B, C*H, W)")
flatten.gives("()", "(1,)")
flatten.fails("(B, C), 2", "start_dim is 2, for a tensor of 2 dims")


@op("torch.unflatten", "torch.Tensor.unflatten")
def unflatten(input: Tensor, dim: int, sizes: Sizes) -> Tensor:
    """(*a, s1*...*sn, *b) -> (*a, s1, ..., sn, *b); one -1 is worked out.

    https://docs.pytorch.org/docs/stable/generated/torch.unflatten.html
    """
    need(input.rank > 0, "unflatten of a tensor of no dims", Trouble.DIM_INDEX)
    at = index_of(dim, input.rank)
    dims = input.shape.dims
    inner = whole_count(input.seen_as(Shape((dims[at],)), "contiguous"), sizes)
    return regrouped(input, (*dims[:at], *inner, *dims[at + 1 :]), copying=False)


unflatten.gives("(B, L, D), 1, (2, -1)", "(B, 2, L//2, D)")
unflatten.fails("(B, 6), 1, (4, 2)", "number of elements")
unflatten.fails("(), 0, (1,)", "unflatten of a tensor of no dims")


@layer("torch.nn.Flatten")
class Flatten:
    """(*a, d1, ..., dn, *b) -> (*a, d1*...*dn, *b), from dim 1 on unless told otherwise.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = flatten.rule(input, self.start_dim, self.end_dim)
        return result


@layer("torch.nn.Unflatten")
class Unflatten:
    """(*a, s1*...*sn, *b) -> (*a, s1, ..., sn, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html
    """

    def __init__(self, dim: int, unflattened_size: Sizes) -> None:
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = unflatten.rule(input, self.dim, self.unflattened_size)
        return result
