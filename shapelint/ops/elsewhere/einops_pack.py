"""einops: pack and unpack, several tensors in one along a dim."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.dims import Dim, const, product
from shapelint.ops.along import of_rank
from shapelint.ops.elsewhere.einops import need_same_list, part_of, pattern_text
from shapelint.ops.elsewhere.einops_pattern import side, wrong
from shapelint.ops.needs import Trouble, need, need_equal
from shapelint.ops.registry import op
from shapelint.ops.signature import Parameter, Tensors, Values, convert
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape


def _packing(pattern: str) -> tuple[int, int]:
    """How many dims stand before the `*` of 'b * c', and after it. Raises CannotRun."""
    axes = pattern.split()
    if len(set(axes)) != len(axes):
        raise wrong(f"an axis stands twice in {pattern!r}")
    if "*" not in axes:
        raise wrong(f"no * among the axes of {pattern!r}")
    for axis in axes:
        if axis != "*":
            side(axis)
    at = axes.index("*")
    return at, len(axes) - at - 1


@op("einops.pack", "einops.packing.pack")
def pack(tensors: Tensors, pattern: Values) -> tuple[Tensor, list[tuple[Dim, ...]]]:
    """(b, *s1, c), (b, *s2, c) by 'b * c' -> (b, prod(s1) + prod(s2), c), and [s1, s2].

    https://einops.rocks/api/pack_unpack/
    """
    before, after = _packing(pattern_text(pattern))
    need(len(tensors) > 0, "a list of no tensors", Trouble.JOIN)
    packed, total = [], const(0)
    first = tensors[0]
    for tensor in tensors:
        sizes = tensor.shape.dims
        if len(sizes) < before + after:
            raise wrong(f"{pattern!r} has at least {before + after} dims, the tensor {tensor.shape} has {len(sizes)}")
        last = len(sizes) - after
        need_same_list(Shape(first.shape[:before] + first.shape[len(first.shape) - after :]),
                   Shape(sizes[:before] + sizes[last:]))  # fmt: skip
        packed.append(sizes[before:last])
        total = total + product(sizes[before:last])
    ends = first.shape[len(first.shape) - after :]
    return first.made(Shape((*first.shape[:before], total, *ends))), packed


pack.gives("[(B, L, D), (B, D)], 'b * d'", "(B, L + 1, D)")
pack.fails("[(B, L, D), (D,)], 'b * d'", "has at least 2 dims, the tensor (D,) has 1")


@op("einops.unpack", "einops.packing.unpack")
def unpack(tensor: Tensor, packed_shapes: Values, pattern: Values) -> list[Tensor]:
    """(b, prod(s1) + prod(s2), c), [s1, s2] by 'b * c' -> (b, *s1, c), (b, *s2, c); one shape may hold a -1.

    https://einops.rocks/api/pack_unpack/
    """
    before, after = _packing(pattern_text(pattern))
    rank = before + 1 + after
    tensor = of_rank(tensor, rank)
    if tensor.shape.least_rank != rank or not tensor.shape.known:
        raise wrong(f"{pattern!r} has {rank} dims, the tensor {tensor.shape} has {tensor.shape.least_rank}")
    shapes = _packed_shapes(packed_shapes)
    whole = tensor.shape[before]
    counts = [product(shape) for shape in shapes if not _has_rest(shape)]
    used = sum(counts, const(0))
    open_shapes = [shape for shape in shapes if _has_rest(shape)]
    need(len(open_shapes) <= 1, "more than one -1 among the packed shapes", Trouble.PATTERN)
    if not open_shapes:
        need_equal(used, whole, "the number of packed elements", f"dim {before} of {tensor.shape}", Trouble.PATTERN)
    results = []
    for shape in shapes:
        sizes = shape
        if _has_rest(shape):
            rest = part_of(whole - used, product(size for size in shape if size.value != -1), pattern, tensor)
            sizes = tuple(rest if size.value == -1 else size for size in shape)
        full = Shape((*tensor.shape[:before], *sizes, *tensor.shape[before + 1 :]))
        results.append(Tensor(full, None, tensor.dtype, tensor.device))
    return results


def _has_rest(shape: Sequence[Dim]) -> bool:
    return any(size.value == -1 for size in shape)


def _packed_shapes(value: Values) -> list[tuple[Dim, ...]]:
    if not isinstance(value, (tuple, list)):
        raise NotKnown("the packed shapes are not known")
    shapes: list[tuple[Dim, ...]] = []
    for each in value:
        if isinstance(each, Unknown):
            raise NotKnown("a packed shape is not known")
        shapes.append(convert(each, Parameter("packed_shapes", "Sizes", False, None)))
    return shapes


unpack.gives("(B, L + 1, D), [(L,), ()], 'b * d'", "(B, L, D), (B, D)")
unpack.fails("(2, 7, 3), [(2,), (4,)], 'b * d'", "the number of packed elements is 6, dim 1 of (2, 7, 3) is 7")
