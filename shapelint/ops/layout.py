"""Whether a tensor can be viewed under another shape without a copy, and with which strides."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from shapelint.dims import Comparison, Dim, Facts, const, product
from shapelint.ops.needs import CannotRun, Trouble, current
from shapelint.ops.tensor import ONE, Layout, Tensor
from shapelint.shapes import Shape


class NoView(Exception):
    """The strides allow no such view; `first` and `second` are the dims (by index) that do not lie together."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(first, second)
        self.first, self.second = first, second


def view_layout(tensor: Tensor, sizes: tuple[Dim, ...], *, copying: bool = False) -> Layout:
    """The layout of `tensor` viewed as `sizes` (of as many elements). Raises NoView; None where it cannot be told.

    Where the operator would copy (`copying`), it is not worth a search for sizes to tell what cannot be told at once.

    The tensor's dims fall into blocks that lie without a gap; each must be filled by a run of the new dims.
    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
    """
    if tensor.layout == "contiguous":
        return "contiguous"
    strides = tensor.strides
    if strides is None:
        return None
    facts = current().facts
    try:
        return _layout_by(tensor, sizes, strides, facts, copying)
    except NoView:
        if _of_others(sizes, tensor.shape.dims):
            return None
        counts = _without_common(tensor.shape.dims, sizes, facts)
        if facts.is_equal(*counts):
            raise
        # That they are as many is no fact where it equates names that the author keeps apart; a view needs it first.
        return _layout_by(tensor, sizes, strides, facts.equal(*counts), copying)


def _layout_by(tensor: Tensor, sizes: tuple[Dim, ...], strides: tuple[Dim, ...], facts: Facts, copying: bool) -> Layout:
    same = partial(_surely_equal if copying else _equal, facts)
    blocks = _blocks(tensor.shape.dims, strides, same)
    return None if blocks is None else _fill(blocks, sizes, same)


def _without_common(own: tuple[Dim, ...], sizes: tuple[Dim, ...], facts: Facts) -> tuple[Dim, Dim]:
    """The numbers of elements by both rows of sizes, without those that stand in both."""
    left, right = list(own), list(sizes)
    for size in own:
        twin = next((one for one in right if facts.is_equal(size, one)), None)
        if twin is not None:
            left.remove(size)
            right.remove(twin)
    return product(left), product(right)


def _of_others(sizes: tuple[Dim, ...], own: tuple[Dim, ...]) -> bool:
    """Whether sizes are made of ones that a caller may make fit: those of another tensor, which may be as large."""
    facts = current().facts
    known = {symbol for size in own for symbol in facts.normalize(size).symbols}
    return any(not facts.normalize(size).symbols <= known for size in sizes)


def _equal(facts: Facts, a: Dim, b: Dim) -> bool | None:
    """Whether two sizes are equal, False where a caller can make them differ, None where that is open.

    It is open where they are if one that nobody has spoken of is 1: the axis of an item that was taken out may be.
    """
    answer = facts.compare(a, b)
    if answer is Comparison.EQUAL:
        return True
    ones = {symbol: ONE for symbol in a.symbols ^ b.symbols if symbol.name == "_"}
    may_fit = bool(ones) and facts.is_equal(a.subs(ones), b.subs(ones))
    return None if may_fit or answer is Comparison.MAYBE else False


def _surely_equal(facts: Facts, a: Dim, b: Dim) -> bool | None:
    return facts.equality(a, b)


def _blocks(
    sizes: tuple[Dim, ...], strides: tuple[Dim, ...], same: Callable[[Dim, Dim], bool | None]
) -> list[tuple[Dim, Dim, int]] | None:
    """Blocks from the last to the first: (elements, stride and index of the innermost dim)."""
    facts = current().facts
    blocks: list[tuple[Dim, Dim, int]] = []
    axes = [i for i in range(len(sizes)) if facts.value_of(sizes[i]) != 1]
    for axis in reversed(axes):
        if blocks:
            elements, inner, innermost = blocks[-1]
            joined = same(strides[axis], elements * inner)
            if joined is None:
                return None
            if joined:
                blocks[-1] = (elements * sizes[axis], inner, innermost)
                continue
        blocks.append((sizes[axis], strides[axis], axis))
    return blocks


def _fill(
    blocks: list[tuple[Dim, Dim, int]], sizes: tuple[Dim, ...], same: Callable[[Dim, Dim], bool | None]
) -> Layout:
    strides: list[Dim] = [ONE] * len(sizes)
    position, unsure = len(sizes) - 1, False
    for number, (elements, inner, axis) in enumerate(blocks):
        filled = ONE
        while position >= 0:
            is_full = same(filled, elements)
            if is_full:
                break
            unsure = unsure or is_full is None
            strides[position] = filled * inner
            filled = filled * sizes[position]
            position -= 1
        is_full = same(filled, elements)
        if not is_full:
            if unsure or is_full is None:
                return None
            raise NoView(blocks[number + 1][2] if number + 1 < len(blocks) else axis, axis)
    return tuple(strides)


def is_contiguous(tensor: Tensor) -> bool | None:
    """Whether the elements lie in the order of the dims, without gaps; None where it cannot be told."""
    if tensor.layout == "contiguous":
        return True
    strides = tensor.strides
    if strides is None:
        return None
    facts, expected = current().facts, ONE
    for size, stride in zip(reversed(tensor.shape.dims), reversed(strides), strict=True):
        if facts.value_of(size) == 1:
            continue
        lies_next = _equal(facts, stride, expected)
        if not lies_next:
            return lies_next
        expected = expected * size
    return True


def kept(tensor: Tensor) -> Layout:
    """The layout of a new tensor that an elementwise operation makes from this one: a permuted one stays permuted."""
    if tensor.layout == "contiguous":
        return "contiguous"
    strides = tensor.strides
    if strides is None or tensor.expanded:
        return None
    return strides if _dense(tensor.shape.dims, strides) else None


def in_format(tensor: Tensor, memory_format: object, default: Layout) -> Layout:
    """The layout of a copy of this tensor that is asked for by `memory_format=`; `default` where none is."""
    name = memory_format.removeprefix("torch.") if isinstance(memory_format, str) else memory_format
    if name is None:
        return default
    if name in ("contiguous_format", "preserve_format"):
        return "contiguous" if name == "contiguous_format" else kept(tensor)
    ranks = {"channels_last": 4, "channels_last_3d": 5}
    if name not in ranks or not tensor.shape.known:
        return None
    if tensor.rank != ranks[name]:
        raise CannotRun(f"{name} is a format of tensors of {ranks[name]} dims, not of {tensor.shape}", Trouble.LAYOUT)
    order = (1, *range(tensor.rank - 1, 1, -1), 0)  # from the innermost dim to the outermost
    strides, step = [ONE] * tensor.rank, ONE
    for axis in order:
        strides[axis] = step
        step = step * tensor.shape[axis]
    return tuple(strides)


def _dense(sizes: tuple[Dim, ...], strides: tuple[Dim, ...]) -> bool:
    """Whether the strides are those of a permuted contiguous tensor: no gaps, no overlap."""
    facts = current().facts
    left = [i for i in range(len(sizes)) if facts.value_of(sizes[i]) != 1]
    expected = ONE
    while left:
        found = next((i for i in left if facts.is_equal(strides[i], expected)), None)
        if found is None:
            return False
        left.remove(found)
        expected = expected * sizes[found]
    return True


ZERO = const(0)


def fresh_like(input: Tensor, shape: Shape, dtype: str | None = "same") -> Tensor:
    """A new tensor of another shape whose memory follows the input's format (channels last): known where plain."""
    made = input.made(shape, dtype)
    return made if is_contiguous(input) else Tensor(made.shape, None, made.dtype, made.device)
