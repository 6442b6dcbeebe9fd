"""einx: operators that work element by element on axes that are named in a pattern.

https://einx.readthedocs.io/en/stable/api.html
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.dims import product
from shapelint.ops.elsewhere.einops import pattern_text
from shapelint.ops.elsewhere.einops_pattern import DOTS, Axis, Side, side
from shapelint.ops.families.einsum import Equation, contracted, operand
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape

COMPARING = "equal not_equal less less_equal greater greater_equal logical_and logical_or"
REST = "add subtract multiply divide true_divide floor_divide mod where maximum minimum logaddexp"


def _of_elements(arguments: Sequence[Values]) -> Tensor:
    pattern, values = pattern_text(arguments[0] if arguments else None), arguments[1:]
    if "[" in pattern:
        raise NotKnown("axes in square brackets")
    inputs, arrow, output = pattern.partition("->")
    sides = [side(part) for part in inputs.split(",")]
    if len(sides) != len(values):
        raise NotKnown(f"{pattern!r} is for {len(sides)} tensors")
    pairs = [(one, value) for one, value in zip(sides, values, strict=True) if one.groups]  # no axes: a number
    rows = [_single(one) for one, _ in pairs]
    tensors = [operand(value) for _, value in pairs]
    into = side(output).groups if arrow else [(axis,) for axis in _with_all(rows)]
    axes = [axis for group in into for axis in group]
    if not tensors or any(DOTS in group and len(group) > 1 for group in into):
        raise NotKnown(f"the pattern {pattern!r}")
    given = contracted(Equation(tuple(rows), tuple(axes)), tensors)
    if all(len(group) == 1 for group in into):
        return given
    if not given.shape.known or DOTS in axes:
        raise NotKnown("the number of dims is not known")
    sizes = iter(given.shape.dims)
    return Tensor(Shape(tuple(product([next(sizes) for _ in group]) for group in into)), "contiguous", given.dtype)


def _single(one: Side) -> tuple[Axis, ...]:
    """The axes of a tensor, each of which is a dim of its own."""
    if one.has_numbers or any(len(group) != 1 for group in one.groups):
        raise NotKnown(f"the pattern {one.text!r}")
    return one.axes


def _with_all(rows: Sequence[tuple[Axis, ...]]) -> tuple[Axis, ...]:
    """The axes of the only tensor that has those of all."""
    every = {axis for row in rows for axis in row}
    found = {row for row in rows if every <= set(row)}
    if len(found) != 1:
        raise NotKnown("the axes of the result")
    return found.pop()


@op(*(f"einx.{name}" for name in REST.split()))
def by_element(*pattern_and_tensors: Values) -> Tensor:
    """(b, n), (b, n, d) by 'b n, b n d -> b n d' -> (b, n, d): an axis that a tensor lacks is one for it.

    Without an arrow the result has the axes of the tensor that has all of them.
    """
    return _of_elements(pattern_and_tensors)


by_element.gives("'b n, b n d -> b n d', (B, N), (B, N, D)", "(B, N, D)")
by_element.gives("'b n, b n d, -> b n d', (B, N), (B, N, D), 0.0", "(B, N, D)")
by_element.gives("'... j, ... j k -> ... j k', (B, J), (B, J, K)", "(B, J, K)")
by_element.gives("'i j, i j k -> i (j k)', (B, J), (B, J, K)", "(B, J*K)")
by_element.gives("'b h w n d, h n d', (B, H, W, N, D), (H, N, D)", "(B, H, W, N, D)")
by_element.fails("'b n, b n d -> b n d', (B, 3), (B, 4, D)", "n is 3 in (B, 3), but 4 in (B, 4, D)")


@op(*(f"einx.{name}" for name in COMPARING.split()))
def compared(*pattern_and_tensors: Values) -> Tensor:
    """(i), (j) by 'i, j -> i j' -> (i, j), of bools."""
    return _of_elements(pattern_and_tensors).typed("bool")


compared.gives("'b i, b j -> b i j', (B, N), (B, M)", "(B, N, M)")
