"""Operators that cut a tensor into pieces along a dim: chunk, split, tensor_split, unbind and their kin."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from shapelint.dims import Dim, const
from shapelint.ops.families.slices import slice_bound, sliced_size, with_size, without
from shapelint.ops.needs import CannotRun, Trouble, current, index_of, need, need_at_least, need_equal, number
from shapelint.ops.registry import op
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import Sizes, Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown

Pieces = tuple[Tensor, ...] | Row
MOST_PIECES = 4096


def cut(input: Tensor, at: int, sizes: list[Dim]) -> Pieces:
    """The pieces of these sizes along a dim, one after the other."""
    if len(sizes) > MOST_PIECES:
        raise NotKnown(f"{len(sizes)} pieces are more than are followed")
    return tuple(with_size(input, at, size) for size in sizes)


def place(input: Tensor, dim: int, operator: str) -> int:
    """The index of the dim that is cut; a dim near the end may be counted from there. Raises CannotRun."""
    need(not input.shape.known or input.rank > 0, f"{operator} of a tensor of no dims", Trouble.DIM_INDEX)
    return index_of(dim, input.rank)


@op("torch.chunk", "torch.Tensor.chunk", "torch.unsafe_chunk", "torch.Tensor.unsafe_chunk")
def chunk(input: Tensor, chunks: Dim, dim: int = 0) -> Pieces:
    """(*a, n, *b) -> up to `chunks` tensors (*a, ceil(n/chunks), *b), the last with what is left.

    https://docs.pytorch.org/docs/stable/generated/torch.chunk.html
    """
    at = place(input, dim, "chunk")
    size, count = input.shape[at], number(chunks)
    if count is None:
        return _row(input, at, size // chunks if current().facts.holds_divides(chunks, size) else -(-size // chunks))
    need(count > 0, f"chunk into {count} pieces")
    each = -(-size // count)
    if current().facts.holds_divides(count, size):
        if number(each) == 0:
            return cut(input, at, [each] * count)
        return cut(input, at, [size // count] * count)
    whole = number(size)
    if whole is not None:
        step = -(-whole // count)
        return cut(input, at, [const(min(step, whole - start)) for start in range(0, whole, step)])
    last = size - each * (count - 1)
    current().assume_at_least(last, 1)  # else there are fewer pieces than whoever unpacks them counts on
    return cut(input, at, [each] * (count - 1) + [last])


chunk.gives("(B, L, 3*D), 3, -1", "(B, L, D), (B, L, D), (B, L, D)")
chunk.gives("(B, 7), 3, 1", "(B, 3), (B, 3), (B, 1)")
chunk.gives("(B, L), 2, 1", "(B, (L+1)//2), (B, L-(L+1)//2)")
chunk.fails("(2, 3), 2, 2", "dim 2 of a tensor of 2 dims")


def _row(input: Tensor, at: int, each: Dim) -> Row:
    """As many pieces of `each` as a dim has, the last with what is left where `each` is not known to divide it."""
    current().assume_at_least(each, 1)
    size, piece = input.shape[at], with_size(input, at, each)
    if current().facts.holds_divides(each, size):
        return Row((Many((piece,), size // each),))
    before = (size - 1) // each
    return Row((Many((piece,), before), with_size(input, at, size - each * before)))


def _count(count: Dim, operator: str) -> int:
    known = number(count)
    if known is None:
        raise NotKnown(f"how many pieces {operator} gives is not known")
    return known


@op("torch.split", "torch.Tensor.split", "torch.unsafe_split", "torch.Tensor.unsafe_split")
def split(input: Tensor, split_size_or_sections: Values, dim: int = 0) -> Pieces:
    """(*a, n, *b) -> ceil(n/s) tensors (*a, s, *b), the last with what is left; s a list: one tensor of each size.

    https://docs.pytorch.org/docs/stable/generated/torch.split.html
    """
    if isinstance(split_size_or_sections, (tuple, list)):
        return split_with_sizes.rule(input, _whole(split_size_or_sections), dim)  # type: ignore[no-any-return]
    each = _size(split_size_or_sections)
    at = place(input, dim, "split")
    size = input.shape[at]
    need_at_least(each, 0, f"split into pieces of {each}")
    pieces = number(-(-size // each)) if number(each) != 0 else None
    if number(each) == 0:
        need_equal(size, 0, f"dim {at} of {input.shape}", "the size of a piece")
        return (input,)
    if pieces is None:
        return _row(input, at, each)
    if pieces == 0:
        return (input,)
    return cut(input, at, split_sizes(size, each, pieces))


split.gives("(B, L, 3*D), D, -1", "(B, L, D), (B, L, D), (B, L, D)")
split.gives("(7, B), 3", "(3, B), (3, B), (1, B)")
split.gives("(B, D+E), [D, E], 1", "(B, D), (B, E)")
split.fails("(2, 7), [3, 3], 1", "the sum of the sizes is 6, dim 1 of (2, 7) is 7")


def split_sizes(size: Dim, each: Dim, pieces: int) -> list[Dim]:
    """The sizes of so many pieces of `each`, the last with what is left; for whoever knows how many there are."""
    return [each] * (pieces - 1) + [size - each * (pieces - 1)]


def _size(value: Any) -> Dim:
    if isinstance(value, Unknown):
        size = current().as_size(value)
        if size is None:
            raise NotKnown(value.reason)
        return size
    if isinstance(value, Tensor) and value.dtype is None:
        raise NotKnown("what a piece's size is")  # taken for a tensor by an earlier use, it may be a row of sizes
    bound = slice_bound(value, "n")
    if bound is None:
        raise CannotRun("split into pieces of None")
    return bound


def _whole(values: Any) -> tuple[Dim, ...]:
    return tuple(_size(value) for value in values)


@op(
    "torch.split_with_sizes", "torch.Tensor.split_with_sizes", "torch.unsafe_split_with_sizes",
    "torch.Tensor.unsafe_split_with_sizes",
)  # fmt: skip
def split_with_sizes(input: Tensor, split_sizes: Sizes, dim: int = 0) -> Pieces:
    """(*a, s1+...+sk, *b) -> (*a, s1, *b), ..., (*a, sk, *b).

    https://docs.pytorch.org/docs/stable/generated/torch.split.html
    """
    at = place(input, dim, "split")
    for size in split_sizes:
        need_at_least(size, 0, f"split into a piece of {size}")
    total = sum(split_sizes, const(0))
    need_equal(total, input.shape[at], "the sum of the sizes", f"dim {at} of {input.shape}")
    return cut(input, at, list(split_sizes))


split_with_sizes.gives("(B, D+E), [D, E], 1", "(B, D), (B, E)")
split_with_sizes.fails("(2, 7), [3, 3], 1", "6, dim 1 of (2, 7) is 7")


@op("torch.tensor_split", "torch.Tensor.tensor_split")
def tensor_split(
    input: Tensor, indices_or_sections: Values = None, dim: int = 0, *, sections: Values = None, indices: Values = None
) -> Pieces:
    """(*a, n, *b) -> k tensors, the first n%k with n//k + 1 places, the others with n//k; indices: the slices between.

    https://docs.pytorch.org/docs/stable/generated/torch.tensor_split.html
    """
    given = next((value for value in (indices_or_sections, sections, indices) if value is not None), None)
    at = place(input, dim, "tensor_split")
    if isinstance(given, Tensor):
        given = _from_tensor(given)
    size = input.shape[at]
    if isinstance(given, (tuple, list)):
        ends = (None, *_whole(given), None)
        return cut(input, at, [sliced_size(size, first, last) for first, last in pairwise(ends)])
    count = _count(_size(given), "tensor_split")
    need(count > 0, f"tensor_split into {count} pieces")
    return cut(input, at, [(size + (count - 1 - i)) // count for i in range(count)])


tensor_split.gives("(B, 7), 3, 1", "(B, 3), (B, 2), (B, 2)")
tensor_split.gives("(L, D), 2", "((L+1)//2, D), (L//2, D)")
tensor_split.gives("(B, 7), [2, 5], 1", "(B, 2), (B, 3), (B, 2)")
tensor_split.fails("(2, 3), 0", "into 0 pieces")


def _from_tensor(given: Tensor) -> Any:
    """What the ints of a tensor say; of unknown ones only how many there are."""
    if given.items is not None:
        return [const(item) for item in given.items] if given.rank else const(given.items[0])
    need(given.rank <= 1, f"tensor_split at indices of {given.rank} dims", Trouble.ARGUMENT)
    if given.rank == 0:
        raise NotKnown("how many pieces tensor_split gives depends on data")
    return [current().fresh("n") for _ in range(_count(given.shape[0], "tensor_split"))]


def _fixed_dim(input: Tensor, given: Any, dim: int, operator: str) -> Pieces:
    at = dim
    if not isinstance(given, (tuple, list)):
        count = _count(_size(given), operator)
        need(count > 0, f"{operator} into {count} pieces")
        size = input.shape[at]
        whole = number(size)
        need(
            whole is None or whole % count == 0,
            f"{operator} into {count} pieces: dim {at} of {input.shape} is {size}, which {count} does not divide",
        )
    pieces: Pieces = tensor_split.rule(input, given, at)
    return pieces


@op("torch.hsplit", "torch.Tensor.hsplit")
def hsplit(input: Tensor, indices_or_sections: Values) -> Pieces:
    """tensor_split along dim 1 (of (n,): dim 0), into pieces of one size.

    https://docs.pytorch.org/docs/stable/generated/torch.hsplit.html
    """
    need(input.rank >= 1, "hsplit of a tensor of no dims", Trouble.DIM_INDEX)
    return _fixed_dim(input, indices_or_sections, 0 if input.rank == 1 else 1, "hsplit")


hsplit.gives("(B, 6), 2", "(B, 3), (B, 3)")
hsplit.fails("(2, 7), 2", "which 2 does not divide")


@op("torch.vsplit", "torch.Tensor.vsplit")
def vsplit(input: Tensor, indices_or_sections: Values) -> Pieces:
    """tensor_split along dim 0, into pieces of one size.

    https://docs.pytorch.org/docs/stable/generated/torch.vsplit.html
    """
    need(input.rank >= 2, f"vsplit of a tensor of {input.rank} dims {input.shape}", Trouble.DIM_INDEX)
    return _fixed_dim(input, indices_or_sections, 0, "vsplit")


vsplit.gives("(6, D), 2", "(3, D), (3, D)")


@op("torch.dsplit", "torch.Tensor.dsplit")
def dsplit(input: Tensor, indices_or_sections: Values) -> Pieces:
    """tensor_split along dim 2, into pieces of one size.

    https://docs.pytorch.org/docs/stable/generated/torch.dsplit.html
    """
    need(input.rank >= 3, f"dsplit of a tensor of {input.rank} dims {input.shape}", Trouble.DIM_INDEX)
    return _fixed_dim(input, indices_or_sections, 2, "dsplit")


dsplit.gives("(H, W, 6), 2", "(H, W, 3), (H, W, 3)")


@op("torch.unbind", "torch.Tensor.unbind")
def unbind(input: Tensor, dim: int = 0) -> Pieces:
    """(*a, n, *b) -> n tensors (*a, *b). https://docs.pytorch.org/docs/stable/generated/torch.unbind.html"""
    at = place(input, dim, "unbind")
    count = number(input.shape[at])
    if count is None:
        return Row((Many((without(input, at),), input.shape[at]),))
    if count > MOST_PIECES:
        raise NotKnown(f"{count} pieces are more than are followed")
    return (without(input, at),) * count


unbind.gives("(3, B, L)", "(B, L), (B, L), (B, L)")
unbind.fails("(2, 3), 2", "dim 2 of a tensor of 2 dims")
