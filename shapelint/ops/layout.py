"""Whether a tensor can be viewed under another shape without a copy, and with which strides."""

from __future__ import annotations

from shapelint.dims import Comparison, Dim, const
from shapelint.ops.needs import CannotRun, Trouble, current
from shapelint.ops.tensor import ONE, Layout, Tensor
from shapelint.shapes import Shape


class NoView(Exception):
    """The strides allow no such view; `first` and `second` are the dims (by index) that do not lie together."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(first, second)
        self.first, self.second = first, second


def view_layout(tensor: Tensor, sizes: tuple[Dim, ...]) -> Layout:
    """The layout of `tensor` viewed as `sizes` (of as many elements). Raises NoView; None where it cannot be told.

    The tensor's dims fall into blocks that lie without a gap; each must be filled by a run of the new dims.
    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
    """
    if tensor.layout == "contiguous":
        return "contiguous"
    strides = tensor.strides
    if strides is None:
        return None
    blocks = _blocks(tensor.shape.dims, strides)
    if blocks is None:
        return None
    return _fill(blocks, sizes)


def _blocks(sizes: tuple[Dim, ...], strides: tuple[Dim, ...]) -> list[tuple[Dim, Dim, int]] | None:
    """Blocks from the last to the first: (elements, stride of the innermost dim, index of the outermost dim)."""
    facts = current().facts
    blocks: list[tuple[Dim, Dim, int]] = []
    axes = [i for i in range(len(sizes)) if facts.value_of(sizes[i]) != 1]
    for axis in reversed(axes):
        if blocks:
            elements, inner, _ = blocks[-1]
            joined = facts.compare(strides[axis], elements * inner)
            if joined is Comparison.MAYBE:
                return None
            if joined is Comparison.EQUAL:
                blocks[-1] = (elements * sizes[axis], inner, axis)
                continue
        blocks.append((sizes[axis], strides[axis], axis))
    return blocks


def _fill(blocks: list[tuple[Dim, Dim, int]], sizes: tuple[Dim, ...]) -> Layout:
    facts = current().facts
    strides: list[Dim] = [ONE] * len(sizes)
    position, unsure = len(sizes) - 1, False
    for number, (elements, inner, axis) in enumerate(blocks):
        filled = ONE
        while position >= 0:
            answer = facts.compare(filled, elements)
            if answer is Comparison.EQUAL:
                break
            unsure = unsure or answer is Comparison.MAYBE
            strides[position] = filled * inner
            filled = filled * sizes[position]
            position -= 1
        if facts.equality(filled, elements) is not True:
            if unsure or facts.compare(filled, elements) is Comparison.MAYBE:
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
        answer = facts.compare(stride, expected)
        if answer is Comparison.MAYBE:
            return None
        if answer is not Comparison.EQUAL:
            return False
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
        found = next((i for i in left if facts.equality(strides[i], expected) is True), None)
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
