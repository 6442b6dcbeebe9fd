"""Operators that reorder, add and drop dims: transpose, permute, squeeze, unsqueeze, expand, and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelint.dims import Dim, Facts
from shapelint.ops.layout import ZERO, in_format, kept
from shapelint.ops.needs import CannotRun, Trouble, current, index_of, may_be_equal, need, need_equal, number
from shapelint.ops.registry import op
from shapelint.ops.signature import Ints, Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.ops.window import need_as_many_dims
from shapelint.shapes import NotKnown, Shape


def reordered(input: Tensor, order: tuple[int, ...]) -> Tensor:
    """The view with its dims in this order."""
    sizes, strides = input.shape.dims, input.strides
    if order == tuple(range(len(order))):
        return input
    return input.seen_as(
        Shape(tuple(sizes[i] for i in order)), None if strides is None else tuple(strides[i] for i in order)
    )


@op(
    "torch.transpose", "torch.Tensor.transpose", "torch.swapaxes", "torch.Tensor.swapaxes", "torch.swapdims",
    "torch.Tensor.swapdims", reshapes_in_place=True,
)  # fmt: skip
def transpose(input: Tensor, dim0: int | None = None, dim1: int | None = None) -> Tensor:
    """(..., m, ..., n, ...) -> (..., n, ..., m, ...), by two dims; without any, it is an array of NumPy after all.

    https://docs.pytorch.org/docs/stable/generated/torch.transpose.html
    """
    if dim0 is None and dim1 is None:
        raise NotKnown("only an array of NumPy is transposed without dims")
    if dim0 is None or dim1 is None:
        raise CannotRun(f"the argument {'dim0' if dim0 is None else 'dim1'} is missing")
    if not input.shape.known and max(dim0, dim1) < 0 and min(dim0, dim1) >= -len(input.shape.back):
        back = list(input.shape.back)
        back[dim0], back[dim1] = back[dim1], back[dim0]
        return input.seen_as(Shape(input.shape.front, input.shape.run, tuple(back)), None)
    order = list(range(input.rank))
    first, second = index_of(dim0, len(order), "dim0"), index_of(dim1, len(order), "dim1")
    if order:
        order[first], order[second] = order[second], order[first]
    return reordered(input, tuple(order))


transpose.gives("(B, L, D), 1, 2", "(B, D, L)")
transpose.gives("(B, L, D), -1, 0", "(D, L, B)")
transpose.fails("(B, L), 1, 2", "dim1 is 2, for a tensor of 2 dims")


@op("torch.permute", "torch.Tensor.permute")
def permute(input: Tensor, *dims: int) -> Tensor:
    """(d0, ..., dn) -> (d[dims[0]], ..., d[dims[n]]).

    https://docs.pytorch.org/docs/stable/generated/torch.permute.html
    """
    count = len(dims)
    named = [position % count for position in dims if -count <= position < count]
    need(len(set(named)) == len(named), f"permute names a dim twice: {dims}", Trouble.DIM_INDEX)
    rank = input.rank
    reason = f"permute names {count} dims of a tensor of {rank} dims {input.shape}"
    need_as_many_dims(count == rank, input, count, reason)
    return reordered(input, tuple(index_of(position, rank) for position in dims))


permute.gives("(B, C, H, W), 0, 2, 3, 1", "(B, H, W, C)")
permute.fails("(B, C, H), 0, 2, 3, 1", "permute names 4 dims of a tensor of 3 dims")
permute.fails("(B, C, H), 1, 2, 1", "permute names a dim twice")


@op("torch.t", "torch.Tensor.t", reshapes_in_place=True)
def t(input: Tensor) -> Tensor:
    """(m, n) -> (n, m); (n,) and () stay. https://docs.pytorch.org/docs/stable/generated/torch.t.html"""
    need_as_many_dims(input.rank <= 2, input, 2, f"t() of a tensor of {input.rank} dims {input.shape}")
    return reordered(input, tuple(reversed(range(input.rank))))


@op("torch.movedim", "torch.Tensor.movedim", "torch.moveaxis", "torch.Tensor.moveaxis")
def movedim(input: Tensor, source: Ints, destination: Ints) -> Tensor:
    """The dims at `source` go to `destination`; the others keep their order.

    https://docs.pytorch.org/docs/stable/generated/torch.movedim.html
    """
    rank = input.rank
    need(len(source) == len(destination), "as many sources as destinations are needed", Trouble.DIM_INDEX)
    origins = [index_of(position, rank, "source") for position in source]
    places = [index_of(position, rank, "destination") for position in destination]
    need(len(set(origins)) == len(origins) and len(set(places)) == len(places), "a dim named twice", Trouble.DIM_INDEX)
    order = [i for i in range(rank) if i not in origins]
    for place, origin in sorted(zip(places, origins, strict=True)):
        order.insert(place, origin)
    return reordered(input, tuple(order))


@op("torch.unsqueeze", "torch.Tensor.unsqueeze", reshapes_in_place=True)
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A size of 1 so that it ends up at `dim`: (a, b), 1 -> (a, 1, b).

    https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
    """
    shape = input.shape
    if not shape.known:
        if 0 <= dim <= len(shape.front):
            front = (*shape.front[:dim], ONE, *shape.front[dim:])
            return input.seen_as(Shape(front, shape.run, shape.back), None)
        if -len(shape.back) - 1 <= dim < 0:
            at = len(shape.back) + 1 + dim
            return input.seen_as(Shape(shape.front, shape.run, (*shape.back[:at], ONE, *shape.back[at:])), None)
    at = index_of(dim, input.rank + 1) if input.rank else _only_place(dim)
    sizes, strides = input.shape.dims, input.strides
    new = (*sizes[:at], ONE, *sizes[at:])
    if input.layout == "contiguous" or strides is None:
        return input.seen_as(Shape(new), input.layout)
    stride = sizes[at] * strides[at] if at < len(sizes) else ONE
    return input.seen_as(Shape(new), (*strides[:at], stride, *strides[at:]))


def _only_place(dim: int) -> int:
    need(dim in (0, -1), f"dim {dim} of a tensor of 0 dims", Trouble.DIM_INDEX)
    return 0


unsqueeze.gives("(B, L), 1", "(B, 1, L)")
unsqueeze.gives("(B, L), -1", "(B, L, 1)")
unsqueeze.fails("(B, L), 4", "dim 4 of a tensor of 3 dims")


@op("torch.squeeze", "torch.Tensor.squeeze", reshapes_in_place=True)
def squeeze(input: Tensor, *dim: int) -> Tensor:
    """Drops the dims of size 1: all of them, or those of `dim` that are 1.

    https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html
    """
    if not dim and not input.shape.known:
        raise NotKnown("which of the dims are 1 is not known")
    sizes, rank = input.shape.dims, input.rank
    asked = {index_of(position, rank) for position in dim} if dim else range(rank)
    gone = {i for i in asked if i < rank and number(sizes[i]) == 1}
    perhaps = {i for i in asked if i < rank and may_be_equal(sizes[i], 1) and (dim or _unnamed(sizes[i]))}
    if not dim and len(perhaps - gone) > 1:
        raise NotKnown("which of the dims are 1 is not known")
    if dim and any(not may_be_equal(sizes[i], 1) and is_reached(sizes[i], current().facts) for i in asked if i < rank):
        raise NotKnown("whether a dim is 1 of which a slice takes more is not known")
    named = [i for i in asked if i < rank and not _unnamed(sizes[i])]
    mistaken = any(number(sizes[j]) == 1 for i in named for j in (i - 1, i + 1) if 0 <= j < rank and j not in asked)
    if perhaps - gone and not mistaken:  # who names a dim knows of it that it is 1
        current().others.append(_without(input, gone | perhaps))
    return _without(input, gone)


def is_reached(size: Dim, facts: Facts) -> bool:
    """Whether some slice was taken to begin or end within a size: `x[:2]`, `x[-2:]`."""
    ends = (facts.normalize(one - end - size) for one, end in facts.reached())
    return size.value is None and any(end.value is not None for end in ends)


def _unnamed(size: Dim) -> bool:
    """Whether a size that nobody names is part of it: `n // window` may be 1 as well as `n`."""
    return any(symbol.name == "_" for symbol in size.symbols)


def _without(input: Tensor, gone: set[int]) -> Tensor:
    keep = [i for i in range(input.rank) if i not in gone]
    sizes, strides = input.shape.dims, input.strides
    layout = input.layout if input.layout == "contiguous" or strides is None else tuple(strides[i] for i in keep)
    return input.seen_as(Shape(tuple(sizes[i] for i in keep)), layout)


squeeze.gives("(B, 1, L, 1)", "(B, L)")
squeeze.gives("(B, 1, L, 1), 1", "(B, L, 1)")
squeeze.gives("(B, 1, L), 2", "(B, 1, L)")
squeeze.gives("(B, 1, L, 1), 1, 3", "(B, L)")
squeeze.gives("(B, 1, L, 1), (1, 3)", "(B, L)")
squeeze.fails("(B, 1), 2", "dim 2 of a tensor of 2 dims")


@op("torch.Tensor.expand", "torch.broadcast_to", "torch.Tensor.broadcast_to")
def expand(input: Tensor, *size: Dim) -> Tensor:
    """Dims of size 1 grow to `size`, -1 keeps a dim, new dims come in front: (1, d), b, -1 -> (b, d).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.expand.html
    """
    if input.shape.run is not None:
        return _expanded_to(input, size)
    sizes, strides = input.shape.dims, input.strides
    lead = len(size) - len(sizes)
    need(lead >= 0, f"the tensor {input.shape} has more dims than the {len(size)} of expand", Trouble.EXPAND)
    out: list[Dim] = []
    steps: list[Dim] = []
    spread: int | None = None
    for i, wanted in enumerate(size):
        old = sizes[i - lead] if i >= lead else ONE
        if wanted.value == -1:
            need(i >= lead, f"-1 for the new dim {i} of expand", Trouble.EXPAND)
            wanted = old
        facts = current().facts
        grown = (facts.value_of(old) == 1 and facts.value_of(wanted) != 1) or _is_one_here(facts, old, wanted)
        spread = i if spread is None and (grown or (i < lead and facts.value_of(wanted) != 1)) else spread
        if not grown and i >= lead:
            _need_expandable(input, old, wanted, i)
        out.append(old if i >= lead and facts.is_equal(old, wanted) else wanted)
        steps.append(ZERO if grown or i < lead or strides is None else strides[i - lead])
    view = input.seen_as(Shape(tuple(out)), None if strides is None else tuple(steps))
    expanded = any(step.value == 0 for step in steps)
    if not expanded:
        return view if strides is None or input.layout != "contiguous" else input.seen_as(view.shape, "contiguous")
    return replace(view, expanded=True, spread=spread if strides is None else None)


def _expanded_to(input: Tensor, size: Sequence[Dim]) -> Tensor:
    """What comes out of a tensor of some number of dims: as large as is asked for, where that tells each size."""
    back = input.shape.back[max(len(input.shape.back) - len(size), 0) :]
    lead = len(size) - len(back)
    if any(wanted.value == -1 for wanted in size[:lead]):
        raise input.shape.not_known()
    facts = current().facts
    out = [old if wanted.value == -1 else wanted for old, wanted in zip(back, size[lead:], strict=True)]
    for at, (old, wanted) in enumerate(zip(back, out, strict=True), start=lead):
        if facts.value_of(old) != 1 and not _is_one_here(facts, old, wanted):
            _need_expandable(input, old, wanted, at)
    return input.seen_as(Shape((*size[:lead], *out)), None)


def _is_one_here(facts: Facts, old: Dim, wanted: Dim) -> bool:
    """Whether a size must be 1 to grow: on a branch for sizes that differ, or where it is 1 at most, `x[:, :1]`."""
    if facts.equality(old, wanted) is not False or facts.equality(old, ONE) is False:
        return False
    return facts.order_is_assumed(old, wanted) or facts.upper(old) == 1


def _need_expandable(input: Tensor, old: Dim, wanted: Dim, at: int) -> None:
    if current().facts.equality(old, wanted) is False:
        raise CannotRun(
            f"dim {at} is {wanted} in expand, the tensor {input.shape} has {old} there", Trouble.EXPAND, (old, wanted)
        )
    need_equal(old, wanted, "the size", f"what expand asks for in dim {at}", Trouble.EXPAND)


expand.gives("(1, 1, D), B, -1, -1", "(B, 1, D)")
expand.gives("(D,), B, L, D", "(B, L, D)")
expand.fails("(3, 1), 2, 4", "dim 0 is 2 in expand, the tensor (3, 1) has 3 there")


@op("torch.Tensor.expand_as")
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """(*a), (*b) -> (*b). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.expand_as.html"""
    if not other.shape.known:
        return input.seen_as(other.shape, None)  # whatever is expanded, what comes out is as large as the other
    result: Tensor = expand.rule(input, *other.shape.dims)
    return result


expand_as.gives("(1, D), (B, D)", "(B, D)")


@op("torch.Tensor.contiguous")
def contiguous(input: Tensor, memory_format: Values = None) -> Tensor:
    """(*) -> (*), laid out in the order of its dims, or as the memory format says.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.contiguous.html
    """
    return Tensor(input.shape, in_format(input, memory_format, "contiguous"), input.dtype, input.device)


@op("torch.clone", "torch.Tensor.clone")
def clone(input: Tensor, *, memory_format: Values = None) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.clone.html"""
    layout = in_format(input, memory_format, kept(input))
    return Tensor(input.shape, layout, input.dtype, input.device, elements=input.elements)
