"""Views of an input whose dims were put in another order: a tensor as PyTorch makes it has no such view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelint.interp.state.events import Found
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.provenance import MOST_LINKS, called, last_given, literal
from shapelint.notation.model import Role
from shapelint.ops.layout import NoView, view_layout
from shapelint.ops.needs import using
from shapelint.ops.tensor import Tensor, contiguous_strides
from shapelint.program import nodes
from shapelint.program.references import uses_of
from shapelint.program.written import statements_of, targets_of
from shapelint.shapes import Shape

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied

SWAPS = frozenset({"transpose", "swapaxes", "swapdims"})


def view_of_reordered(applied: Applied) -> Found | None:
    """A view for which the dims of an input lie together only where a caller has put them in another order before."""
    tensor, result = applied.known(0, "input"), applied.result
    if tensor is None or tensor.layout is not None or not isinstance(result, Tensor) or not result.shape.known:
        return None
    statement = applied.frame.statement
    if statement is not None and any(one.claim.role is Role.RAISES for one in statement.notes.claims):
        return None  # the author says so
    order = _order_of(applied.frame, applied.operand(0), tensor.rank)
    if order is None:
        return None
    of_input = [tensor.shape[order.index(axis)] for axis in range(tensor.rank)]
    strides = contiguous_strides(Shape(tuple(of_input)))
    reordered = replace(tensor, layout=tuple(strides[axis] for axis in order))
    try:
        with using(Ground(applied.frame.world)):
            view_layout(reordered, result.shape.dims)
    except NoView as gap:
        reason = f"{tensor.shape} is an input in another order, and cannot be viewed as {result.shape}"
        together = f"dims {gap.first} and {gap.second} do not lie together in memory, unless a caller put them so"
        return reason, None, (together, "reshape() copies it where it must")
    return None


def _order_of(frame: Frame, expr: nodes.Expr | None, rank: int) -> list[int] | None:
    """Which axis of an input, or of a view of one, each axis of an expression is that does no more than reorder them.

    None where nothing is reordered.
    """
    order = list(range(rank))
    for _ in range(MOST_LINKS):
        expr = _given(frame, expr)
        step = _axes(expr, rank)
        if step is None or not isinstance(expr, nodes.Call) or not isinstance(expr.func, nodes.Attribute):
            break
        order, expr = [step[axis] for axis in order], expr.func.value
    return order if order != list(range(rank)) and _is_view_of_input(frame, expr) else None


def _given(frame: Frame, expr: nodes.Expr | None) -> nodes.Expr | None:
    """What a name was last given, and what the names in that place were; a name that is given nothing as it is."""
    for _ in range(MOST_LINKS):
        given = last_given(frame, expr) if isinstance(expr, nodes.Name) else None
        if given is None:
            return expr
        expr = given
    return expr


def _is_view_of_input(frame: Frame, expr: nodes.Expr | None) -> bool:
    """Whether an expression is an input, viewed under other shapes or as it is."""
    for _ in range(MOST_LINKS):
        expr = _given(frame, expr)
        if not isinstance(expr, nodes.Call) or not isinstance(expr.func, nodes.Attribute) or called(expr) != "view":
            break
        expr = expr.func.value
    return isinstance(expr, nodes.Name) and _is_input(frame, expr.id)


def _axes(expr: nodes.Expr | None, rank: int) -> list[int] | None:
    """The axes that a call of `transpose` or `permute` takes, one for each axis of what it gives; None for others."""
    if not isinstance(expr, nodes.Call) or any(argument.star or argument.keyword for argument in expr.args):
        return None
    values: Sequence[nodes.Expr] = [argument.value for argument in expr.args]
    if len(values) == 1 and isinstance(values[0], nodes.Sequence):
        values = values[0].items
    places = [literal(value) for value in values]
    if any(place is None or not -rank <= place < rank for place in places):
        return None
    axes = [place % rank for place in places if place is not None]
    if called(expr) == "permute":
        return axes if sorted(axes) == list(range(rank)) else None
    if called(expr) not in SWAPS or len(axes) != 2:
        return None
    first, second = axes
    swapped = list(range(rank))
    swapped[first], swapped[second] = second, first
    return swapped


def _is_input(frame: Frame, name: str) -> bool:
    """Whether a name is a parameter of a function for others to call, which is only bound anew by plain assignments.

    Not so of a function that its own file calls, nor of one that is private by its name.
    """
    node = frame.function.node if frame.function is not None else None
    if not isinstance(node, nodes.Function) or (node.name.startswith("_") and node.name != "__call__"):
        return False
    binding = [one for one in statements_of(node) if name in targets_of(one)]
    if frame.cls is None and uses_of({node.name}, frame.machine.body)[node.name].calls:
        return False  # each call is followed with what it gives
    plain = all(
        isinstance(one, nodes.If)  # its statements are among these
        or (isinstance(one, nodes.Assign) and all(isinstance(target, nodes.Name) for target in one.targets))
        for one in binding
    )
    return plain and any(param.name == name for param in node.params)
