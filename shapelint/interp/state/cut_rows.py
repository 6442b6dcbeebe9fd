"""Views with a -1 before numbers that cut through the rows of what they are given: (B, 1568) as (-1, 32, 8, 8)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from shapelint.dims import Dim
from shapelint.interp.state.events import Found
from shapelint.ops.tensor import Tensor

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied


def view_across_rows(applied: Applied) -> Found | None:
    """A view of rows of so many elements as others, where neither number divides the other one.

    It runs for some batches only, and what comes out of it then holds parts of several samples.
    """
    input = applied.value(0, "input")
    if not isinstance(input, Tensor):
        return None
    sizes = applied.args[1] if len(applied.args) == 2 and isinstance(applied.args[1], tuple) else applied.args[1:]
    numbers = [size.value if isinstance(size, Dim) else size for size in sizes]
    if len(numbers) < 2 or numbers[0] != -1 or not all(type(number) is int and number > 0 for number in numbers[1:]):
        return None
    shape = input.shape
    rows = shape.dims[1:] if shape.known else shape.back
    is_batch = bool(rows) and (not shape.known or shape[0].as_symbol is not None)
    known = [size.value for size in rows if size.value is not None]
    if not is_batch or len(known) < len(rows) or (not shape.known and shape.front):
        return None
    old, new = prod(known), prod(number for number in numbers[1:] if number is not None)
    if not old or not new or old % new == 0 or new % old == 0:
        return None
    wanted = ", ".join(map(str, numbers))
    reason = f"this view of {shape} as ({wanted}) cuts rows of {old} elements into pieces of {new}"
    return reason, None, ("it runs only where the batch makes up for it, and mixes what is in it",)
