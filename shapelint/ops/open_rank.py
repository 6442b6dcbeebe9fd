"""Operators that touch only the dims they are told, on tensors of which other dims are unknown in number.

`x.unbind(-3)` of `(..., 3, H, W)` is the same whatever stands in front: the unknown run is one dim, a mark, while
the rule runs, and is put back into what comes out. What the rule says against the mark itself proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapelint.dims import Dim
from shapelint.ops.along import all_found
from shapelint.ops.needs import CannotRun, current
from shapelint.ops.signature import Signature
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Run, Shape

DIM_PARAMETERS = frozenset("dim dims dim0 dim1 dim2 dimension start_dim end_dim axis axes".split())

Marks = dict[Run, Dim]


def around_runs(rule: Any, signature: Signature, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a rule gives that could not be told for these arguments, with a mark for each unknown run.

    Raises NotKnown unless every dim that the call names is seen, and the marks come out as they went in.
    """
    dims = _dims_named(signature, args, kwargs)
    context = current()
    facts, needed = context.facts, len(context.needs)
    marks: Marks = {}
    try:
        result = rule(*[_marked(arg, dims, marks) for arg in args], **kwargs)
    except CannotRun as refusal:
        context.facts = facts
        del context.needs[needed:]
        raise NotKnown(refusal.reason) from None
    if any(_mentions(marks, need.left, need.right) for need in context.needs[needed:]):
        context.facts = facts
        del context.needs[needed:]
        raise NotKnown("the number of dims is not known")
    return _unmarked(result, {mark: run for run, mark in marks.items()})


def _dims_named(signature: Signature, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[int]:
    """The dims that a call names. Raises NotKnown where it leaves them open, or names none."""
    given = {parameter.name: value for parameter, value in zip(signature.parameters, args, strict=False)}
    given.update(kwargs)
    dims: list[int] = []
    for parameter in signature.parameters:
        if parameter.name in DIM_PARAMETERS:
            value = given.get(parameter.name, parameter.default)
            row = value if isinstance(value, (tuple, list)) else (value,)
            if not row or not all(isinstance(one, int) for one in row):
                raise NotKnown("the number of dims is not known")
            dims += row
    if not dims:
        raise NotKnown("the number of dims is not known")
    return dims


def _marked(value: Any, dims: list[int], marks: Marks) -> Any:
    """A tensor with a mark in the place of its run, behind or in front of which all these dims lie."""
    if not isinstance(value, Tensor) or current().settle(value).shape.known:
        return value
    tensor = current().settle(value)
    if any(dim >= len(tensor.shape.front) for dim in dims):
        raise NotKnown("the number of dims is not known")  # before anything is taken for seen
    tensor, _ = all_found(tensor, tuple(dims))
    run = tensor.shape.run
    if run is None:
        return tensor
    mark = marks.setdefault(run, current().fresh("..."))
    return tensor.seen_as(Shape((*tensor.shape.front, mark, *tensor.shape.back)), None)


def _unmarked(result: Any, runs: Mapping[Dim, Run]) -> Any:
    """What came out, with the runs in the places of their marks. Raises NotKnown where that cannot be done."""
    if isinstance(result, tuple):
        items = [_unmarked(item, runs) for item in result]
        return type(result)(*items) if hasattr(result, "_fields") else tuple(items)
    if not isinstance(result, Tensor) or not result.shape.known:
        return result
    sizes = result.shape.dims
    places = [i for i, size in enumerate(sizes) if not size.symbols.isdisjoint(_symbols(runs))]
    if len(places) != 1 or sizes[places[0]] not in runs:
        raise NotKnown("the number of dims is not known")
    at = places[0]
    return result.seen_as(Shape(sizes[:at], runs[sizes[at]], sizes[at + 1 :]), None)


def _mentions(marks: Marks, *sizes: Dim) -> bool:
    symbols = _symbols(marks.values())
    return any(not size.symbols.isdisjoint(symbols) for size in sizes)


def _symbols(marks: Any) -> frozenset[Any]:
    return frozenset(symbol for mark in marks for symbol in mark.symbols)
