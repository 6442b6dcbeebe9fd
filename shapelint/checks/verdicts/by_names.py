"""A claim read by the names that the code's sizes have, whatever else these names stand for where the claim is."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping

from shapelint.dims import Dim, const
from shapelint.interp.state.events import ClaimedShape
from shapelint.notation.model import Binary, DimSpec, Name, Num, Rest
from shapelint.shapes import Shape


def reads_as(shape: ClaimedShape, given: Shape, places: Collection[int]) -> bool:
    """Whether a claim reads as a value's shape does at these places: `(B, F*(F - 1)/2)` of an F of the constructor."""
    items = [item for item in shape.spec.items if not isinstance(item, Rest)]
    if not given.known or not len(items) == len(shape.spec.items) == len(given.front):
        return False
    sizes = {symbol.name: symbol.dim for size in given.front for symbol in size.symbols}
    return all(_by_names(items[place], sizes) is given.front[place] for place in places)


def _by_names(item: DimSpec, sizes: Mapping[str, Dim]) -> Dim | None:
    match item:
        case Num(value=value):
            return const(value)
        case Name(text=text):
            return sizes.get(text)
        case Binary(op=op, left=left, right=right) if op in _OPERATORS:
            first, second = _by_names(left, sizes), _by_names(right, sizes)
            return None if first is None or second is None or second.value == 0 else _OPERATORS[op](first, second)
        case _:
            return None


_OPERATORS: Mapping[str, Callable[[Dim, Dim], Dim]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.floordiv,
    "//": operator.floordiv,
}
