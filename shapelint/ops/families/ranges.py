"""Numbers in a row and grids of them: arange, linspace, meshgrid, cartesian_prod, combinations, vander."""

from __future__ import annotations

import math
from typing import Any

from shapelint.dims import Dim, const, product
from shapelint.ops.dtypes import dtype_named, promoted
from shapelint.ops.elements import as_length
from shapelint.ops.families.create import made, size_of
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import current, need, need_at_least
from shapelint.ops.registry import op
from shapelint.ops.signature import NumberType, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.shapes import Shape

MOST_ITEMS = 64


@op("torch.arange")
def arange(
    start: Values = 0, end: Values = None, step: Values = 1, *, dtype: Values = None, device: Values = None
) -> Tensor:
    """start, end, step -> (ceil((end-start)/step),); start may be left out.

    https://docs.pytorch.org/docs/stable/generated/torch.arange.html
    """
    if end is None:
        start, end = 0, start
    numbers = [_number(value) for value in (start, end, step)]
    whole = all(isinstance(value, Dim) for value in numbers)
    size = _steps(*numbers)
    result = made((size,), dtype_named(dtype, "int64" if whole else _dtype(numbers)), device)
    first, stride = (value.value if isinstance(value, Dim) else None for value in (numbers[0], numbers[2]))
    if first is None or stride is None or size.value is None or size.value > MOST_ITEMS or result.dtype != "int64":
        return result
    items = tuple(first + stride * i for i in range(size.value))
    return Tensor(result.shape, result.layout, result.dtype, result.device, items=items)


arange.gives("N", "(N,)")
arange.gives("1, N", "(N-1,)")
arange.gives("0, N, 2", "((N+1)//2,)")
arange.gives("0.0, 1.0, 0.25", "(4,)")
arange.gives("0.5, N", "(N,)")
arange.gives("1.5, N, 1.0", "(N-1,)")
arange.fails("0, 5, -1", "from 0 to 5 in steps of -1")


def _number(value: Any) -> Dim | float | None:
    """A size, a float, or None for a number that is not known."""
    if isinstance(value, Dim):
        return value
    if isinstance(value, (bool, int)):
        return const(int(value))
    if isinstance(value, float):
        return value
    if isinstance(value, Unknown):
        return current().as_size(value)
    if isinstance(value, Tensor) and value.items is not None and len(value.items) == 1:
        return const(value.items[0])
    if isinstance(value, Tensor) and value.number is not None:
        return as_length(value, "n")
    need(isinstance(value, (NumberType, Tensor)), f"a {type(value).__name__} is no number")
    return None


def _dtype(numbers: list[Dim | float | None]) -> str | None:
    return "float32" if any(isinstance(value, float) for value in numbers) else None


def _steps(start: Dim | float | None, end: Dim | float | None, step: Dim | float | None) -> Dim:
    """How many numbers lie in start, start+step, ... before end."""
    if start is None or end is None or step is None:
        return current().fresh("n")
    if isinstance(start, Dim) and isinstance(end, Dim) and isinstance(step, Dim):
        return _whole_steps(start, end, step)
    plain = [value.value if isinstance(value, Dim) else value for value in (start, end, step)]
    if plain[0] is not None and isinstance(end, Dim) and plain[2] == 1:
        return _whole_steps(const(math.floor(plain[0])), end, const(1))  # no whole number lies between the two starts
    if None in plain:
        return current().fresh("n")
    first, last, by = (float(value or 0) for value in plain)
    _need_way(first, last, by)
    return const(math.ceil((last - first) / by))


def _need_way(first: Any, last: Any, by: Any) -> None:
    need(by != 0 and (last - first) / by >= 0, f"no way from {first} to {last} in steps of {by}")


def _whole_steps(start: Dim, end: Dim, step: Dim) -> Dim:
    if start.value is not None and end.value is not None and step.value is not None:
        _need_way(start.value, end.value, step.value)
    need(step.value != 0, "a step of 0")
    facts = current().facts
    low, high = facts.bounds(step)
    distance = end - start
    if high is not None and high < 0:
        distance, step = -distance, -step
    elif low is None or low < 1:
        return current().fresh("n")
    least, most = facts.bounds(distance)
    need(most is None or most >= 0, f"no way from {start} to {end} in steps of {step}")
    if least is None or least < 0:
        current().assume_at_least(distance, 0)  # arange raises where the end lies before the start
    return -(-distance // step)


@op("torch.range")
def range_(
    start: Values = 0, end: Values = None, step: Values = 1, *, dtype: Values = None, device: Values = None
) -> Tensor:
    """start, end, step -> (floor((end-start)/step) + 1,). https://docs.pytorch.org/docs/stable/generated/torch.range.html"""
    numbers = [_number(value) for value in (start, end, step)]
    if all(isinstance(value, Dim) for value in numbers):
        first, last, by = (value for value in numbers if isinstance(value, Dim))
        return made(((last - first) // by + 1,), dtype_named(dtype, "float32"), device)
    plain = [value.value if isinstance(value, Dim) else value for value in numbers]
    if None in plain:
        return made((current().fresh("n"),), dtype_named(dtype, "float32"), device)
    begin, stop, stride = (float(value or 0) for value in plain)
    return made((const(math.floor((stop - begin) / stride) + 1),), dtype_named(dtype, "float32"), device)


range_.gives("0, 4", "(5,)")


@op("torch.linspace")
def linspace(start: Values, end: Values, steps: Values, *, dtype: Values = None, device: Values = None) -> Tensor:
    """start, end, steps -> (steps,). https://docs.pytorch.org/docs/stable/generated/torch.linspace.html"""
    _need_number(start, end)
    return made((size_of(steps),), dtype_named(dtype, "float32"), device)


linspace.gives("0.0, 1.0, N", "(N,)")
linspace.fails("0.0, 1.0, -2", "negative size -2")


@op("torch.logspace")
def logspace(
    start: Values, end: Values, steps: Values, base: Values = 10.0, *, dtype: Values = None, device: Values = None
) -> Tensor:
    """start, end, steps -> (steps,). https://docs.pytorch.org/docs/stable/generated/torch.logspace.html"""
    _need_number(start, end)
    return made((size_of(steps),), dtype_named(dtype, "float32"), device)


logspace.gives("0.0, 1.0, N", "(N,)")


def _need_number(*values: Any) -> None:
    for value in values:
        if isinstance(value, Tensor) and value.shape.known:
            need(value.rank == 0, f"an end of shape {value.shape}, not one number")


@op("torch.meshgrid", "torch.functional.meshgrid")
def meshgrid(*tensors: Tensor, indexing: str = "ij") -> tuple[Tensor, ...]:
    """(n1,), ..., (nk,) -> k times (n1, ..., nk); "xy": the first two change places.

    https://docs.pytorch.org/docs/stable/generated/torch.meshgrid.html
    """
    need(bool(tensors), "meshgrid of no tensors")
    need(indexing in ("ij", "xy"), f"indexing is {indexing!r}, not 'ij' or 'xy'")
    sizes = [_side(tensor, "meshgrid") for tensor in tensors]
    if indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return tuple(Tensor(Shape(tuple(sizes)), None, t.dtype, t.device, expanded=len(sizes) > 1) for t in tensors)


meshgrid.gives("(H,), (W,)", "(H, W), (H, W)")
meshgrid.gives('(H,), (W,), indexing="xy"', "(W, H), (W, H)")
meshgrid.fails("(2, 3), (4,)", "meshgrid of a tensor of 2 dims (2, 3)")


def _side(tensor: Tensor, operator: str) -> Dim:
    need(tensor.rank <= 1, f"{operator} of a tensor of {tensor.rank} dims {tensor.shape}")
    return tensor.shape[0] if tensor.rank else ONE


@op("torch.cartesian_prod")
def cartesian_prod(*tensors: Tensor) -> Tensor:
    """(n1,), ..., (nk,) -> (n1*...*nk, k); of one tensor (n,).

    https://docs.pytorch.org/docs/stable/generated/torch.cartesian_prod.html
    """
    for tensor in tensors:
        need(tensor.rank == 1, f"cartesian_prod of a tensor of {tensor.rank} dims {tensor.shape}, not 1")
    count = product(tensor.shape[0] for tensor in tensors)
    shape = Shape((count,)) if len(tensors) == 1 else Shape.of(count, len(tensors))
    return Tensor(shape, "contiguous", promoted(*tensors))


cartesian_prod.gives("(A,), (B,)", "(A*B, 2)")
cartesian_prod.fails("(2, 3), (4,)", "cartesian_prod of a tensor of 2 dims")


@op("torch.combinations")
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """(n,), r -> (n*(n-1)*...*(n-r+1)/r!, r). https://docs.pytorch.org/docs/stable/generated/torch.combinations.html"""
    need(input.rank == 1, f"combinations of a tensor of {input.rank} dims {input.shape}, not 1")
    need(r >= 0, f"combinations of {r}")
    size = input.shape[0]
    if r == 0:
        return input.with_shape(0)
    top = size + (r - 1) if with_replacement else size
    count = product(top - i for i in range(r)) // math.factorial(r)
    return input.with_shape(count if (top.value is None or top.value >= r) else 0, r)


combinations.gives("(N,)", "(N*(N-1)//2, 2)")
combinations.gives("(4,), 3", "(4, 3)")
combinations.fails("(2, 3)", "combinations of a tensor of 2 dims")


@op("torch.vander")
def vander(x: Tensor, N: Dim | None = None, increasing: Values = False) -> Tensor:
    """(n,), N -> (n, N); N is n unless told. https://docs.pytorch.org/docs/stable/generated/torch.vander.html"""
    need(x.rank == 1, f"vander of a tensor of {x.rank} dims {x.shape}, not 1")
    return x.with_shape(x.shape[0], x.shape[0] if N is None else N)


vander.gives("(n,)", "(n, n)")
vander.gives("(n,), 3", "(n, 3)")


@op("torch.broadcast_shapes")
def broadcast_shapes(*shapes: Values) -> tuple[Dim, ...]:
    """(*a), (*b) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.broadcast_shapes.html"""
    rows: list[tuple[Dim, ...]] = [
        tuple(map(size_of, row)) if isinstance(row, (tuple, list)) else (size_of(row),) for row in shapes
    ]
    for size in (size for row in rows for size in row):
        need_at_least(size, 0, f"a size of {size}")
    return broadcast_all(*(Tensor(Shape(row)) for row in rows or [()])).dims


broadcast_shapes.fails("(2, 3), (4,)", "3 against 4 in dim -1")
