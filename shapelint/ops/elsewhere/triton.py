"""The language of Triton: blocks of a kernel, which it makes, loads, reckons with and stores.

A pointer to a block is as large as the block. What the language refuses is left open: its versions differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shapelint.dims import Dim, const, product
from shapelint.ops.along import found, replaced
from shapelint.ops.elsewhere.audio import size_made_with
from shapelint.ops.elsewhere.libraries import left_open
from shapelint.ops.families.axes import permute, transpose
from shapelint.ops.families.matmul import matmul
from shapelint.ops.families.pointwise import elementwise
from shapelint.ops.families.ranges import arange
from shapelint.ops.needs import current
from shapelint.ops.registry import Op, add
from shapelint.ops.signature import Ints, Operand, Values
from shapelint.ops.tensor import ADDRESS, Tensor, scalar
from shapelint.shapes import NotKnown, Shape

PAGE = "https://triton-lang.org/main/python-api/triton.language.html"


def _block(sizes: Any) -> Tensor:
    """A block of these sizes, of which each is one that a kernel is made with."""
    row = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
    return Tensor(Shape(tuple(size_made_with(size) for size in row)), "contiguous")


def _made(shape: Values, *others: Values, **named: Values) -> Tensor:
    return _block(shape)


def _numbers(start: Values, end: Values) -> Tensor:
    made: Tensor = arange(size_made_with(start), size_made_with(end))
    return replace(made, device=None)


def _pointer(
    base: Values, shape: Values, strides: Values, offsets: Values, block_shape: Values, order: Values = None
) -> Tensor:
    return replace(_block(block_shape), device=ADDRESS)


def _described(base: Values, shape: Values, strides: Values, block_shape: Values, **named: Values) -> Tensor:
    return replace(_block(block_shape), device=ADDRESS)


def _same(input: Tensor, *others: Values, **named: Values) -> Tensor:
    return input.made(input.shape, None)


def _together(*operands: Operand) -> Tensor:
    return elementwise(*operands, dtype=None)


def _loaded(pointer: Tensor, mask: Values = None, other: Values = None, **named: Values) -> Tensor:
    masks = [one for one in (mask, other) if isinstance(one, Tensor)]
    return replace(elementwise(pointer, *masks, dtype=None), device=None)


def _nothing(*others: Values, **named: Values) -> None:
    return None


def _number(*others: Values, **named: Values) -> Tensor:
    return scalar("int32")


def _rounded_up(x: Values, div: Values) -> Dim:
    if isinstance(x, Tensor) or isinstance(div, Tensor):
        return current().fresh("_")
    number, divisor = size_made_with(x), size_made_with(div)
    if divisor.value == 0:
        raise NotKnown("a division by 0")
    return (number + divisor - 1) // divisor


def _dot(input: Tensor, other: Tensor, acc: Values = None, **named: Values) -> Tensor:
    return matmul(input, other)  # type: ignore[no-any-return]


def _reduced(input: Tensor, axis: int | None = None, *others: Values, **named: Values) -> Tensor:
    keeps, pairs = named.get("keep_dims", False), named.get("return_indices", False)
    if keeps not in (True, False) or pairs is not False:
        raise NotKnown("what a reduction gives")
    if axis is None:
        return input.made(Shape((const(1),) * input.rank) if keeps else Shape(), None)
    seen, at = found(input, axis)
    return seen.made(replaced(seen.shape, at, *((const(1),) if keeps else ())), None)


def _turned(input: Tensor, *dims: Ints) -> Tensor:
    order = tuple(place for one in dims for place in one)
    return permute(input, *order) if order else transpose(input, -2, -1)  # type: ignore[no-any-return]


def _regrouped(input: Tensor, *shape: Values, **named: Values) -> Tensor:
    row = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    return _block(tuple(row))


def _spread(input: Operand, *shape: Values) -> Tensor:
    return _regrouped(input, *shape)


def _widened(input: Tensor, axis: int) -> Tensor:
    at = axis if axis >= 0 else axis + input.rank + 1
    sizes = input.shape.dims
    return input.made(Shape((*sizes[:at], const(1), *sizes[at:])), None)


def _flat(input: Tensor, **named: Values) -> Tensor:
    return input.made(Shape((product(input.shape.dims),)), None)


def _joined(a: Tensor, b: Tensor) -> Tensor:
    whole = elementwise(a, b, dtype=None)
    return whole.made(Shape((*whole.shape.dims, const(2))), None)


def _parted(input: Tensor) -> tuple[Tensor, Tensor]:
    part = input.made(Shape(input.shape.dims[:-1]), None)
    return part, part


def _interleaved(a: Tensor, b: Tensor) -> Tensor:
    whole = elementwise(a, b, dtype=None)
    return whole.made(Shape((*whole.shape.dims[:-1], 2 * whole.shape.dims[-1])), None)


def _in_a_row(a: Tensor, b: Tensor, can_reorder: Values = False, **named: Values) -> Tensor:
    return a.made(Shape((a.shape.dims[0] + b.shape.dims[0], *a.shape.dims[1:])), None)


def _itself(value: Values) -> Any:
    return value


_SAME = (
    "exp exp2 log log2 sqrt rsqrt sqrt_rn sin cos erf abs floor ceil sigmoid softmax cast cumsum cumprod sort flip"
    " multiple_of max_contiguous max_constancy zeros_like advance"
)
_OF_MATH = "exp exp2 log log2 log1p expm1 sqrt rsqrt sin cos tan tanh erf abs floor ceil rint fast_expf fast_logf"
_MATH = ("math", "libdevice", "extra.libdevice", "extra.cuda.libdevice")
_RULES: dict[str, tuple[Callable[..., Any], str]] = {
    **dict.fromkeys(("zeros", "full"), (_made, "shape -> (*shape)")),
    "arange": (_numbers, "start, end -> (end - start,)"),
    "make_block_ptr": (_pointer, "base, shape, strides, offsets, block_shape -> (*block_shape)"),
    **dict.fromkeys(
        ("make_tensor_descriptor", "_experimental_make_tensor_descriptor"),
        (_described, "block_shape -> (*block_shape)"),
    ),
    **dict.fromkeys(_SAME.split(), (_same, "(*) -> (*)")),
    **{f"{place}.{name}": (_same, "(*) -> (*)") for name in _OF_MATH.split() for place in _MATH},
    **dict.fromkeys(("maximum", "minimum", "fdiv", "fma", "where"), (_together, "(*), ... -> (*), broadcast")),
    "load": (_loaded, "pointer (*), mask -> (*)"),
    **dict.fromkeys(
        ("store", "debug_barrier", "static_assert", "device_assert", "static_print", "device_print", "assume"),
        (_nothing, "-> nothing"),
    ),
    **{f"atomic_{name}": (_loaded, "pointer (*), value -> (*)") for name in "add max min xchg and or xor".split()},
    **dict.fromkeys(("program_id", "num_programs"), (_number, "-> ()")),
    "cdiv": (_rounded_up, "n, k -> ceil(n/k)"),
    "dot": (_dot, "(n, k), (k, m) -> (n, m)"),
    **dict.fromkeys(
        ("sum", "max", "min", "argmax", "argmin", "xor_sum"), (_reduced, "(*a, n, *b) -> (*a, *b), or () of all")
    ),
    **dict.fromkeys(("trans", "permute"), (_turned, "(n, m) -> (m, n), or in another order")),
    **dict.fromkeys(("reshape", "view"), (_regrouped, "(*) -> (*shape)")),
    "broadcast_to": (_spread, "(*) -> (*shape)"),
    "expand_dims": (_widened, "(*a, *b) -> (*a, 1, *b)"),
    "ravel": (_flat, "(*) -> (n,)"),
    "join": (_joined, "(*), (*) -> (*, 2)"),
    "split": (_parted, "(*, 2) -> twice (*)"),
    "interleave": (_interleaved, "(*, n), (*, n) -> (*, 2n)"),
    "cat": (_in_a_row, "(n,), (m,) -> (n + m,)"),
    "constexpr": (_itself, "value -> value"),
}
"""The functions of `triton.language`, by their names there."""

for _name, (_rule, _formula) in _RULES.items():
    _lenient = left_open(_rule)
    _lenient.__doc__ = f"{_formula}.\n\n{PAGE}"
    add(Op(_lenient, (f"triton.language.{_name}",)))

_rounded = left_open(_rounded_up)
_rounded.__doc__ = f"n, k -> ceil(n/k).\n\n{PAGE}"
add(Op(_rounded, ("triton.cdiv",)))
