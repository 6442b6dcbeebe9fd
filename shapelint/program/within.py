"""The expressions within a statement and each other, and the one that a comment inside a statement speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from shapelint.program import nodes
from shapelint.program.nodes import Expr

_Spot: TypeAlias = tuple[int, int]


def roots(statement: nodes.Stmt) -> list[Expr]:
    """The expressions of a statement that have a value: not its targets, not the blocks below its header."""
    match statement:
        case nodes.Assign() | nodes.Return() | nodes.Raise():
            return [] if statement.value is None else [statement.value]
        case nodes.Expression() | nodes.AugAssign():
            return [statement.value]
        case nodes.Assert() | nodes.If() | nodes.While():
            return [statement.test]
        case nodes.For():
            return [statement.iterable]
        case nodes.With():
            return [context for context, _ in statement.items]
        case nodes.Match():
            return [statement.subject]
        case nodes.Class():
            return list(statement.bases)
        case _:
            return []


def expressions_at(statement: nodes.Stmt, line: int, column: int, before: str, *, own_line: bool) -> list[Expr]:
    """What a comment at a place inside the statement is about: the last is the nearest.

    After code on its line: the outermost expressions that end on it (a link of a chain, an argument, an element).
    On its own line: the expression that begins below it. `before` is the text of the line up to the comment.
    """
    spot = (line, column)
    parents, here = _innermost(roots(statement), spot)
    if own_line:
        return _below(parents, here, spot)
    ended = [part for part in here if _end(part) <= spot]
    if ended and not before.strip(" \t)]},;:"):
        return ended[-1:]  # only closing brackets on the line: what they close
    chosen = [part for part in ended if part.at[2] == line]
    if not parents:
        return chosen
    around = parents[-1]
    if isinstance(around, nodes.Call) and chosen == [around.func]:
        return [around]  # `torch.cat(  # (B, C)`: the call that opens here
    if isinstance(around, nodes.Conditional) and around.body in chosen:
        return [around.body]
    if chosen:
        return chosen
    return [around] if around.at[0] == line else ended[-1:]


def item_above(statement: nodes.Stmt, line: int, column: int) -> Expr | None:
    """The argument or item above a comment line between two of them, of which it may speak as well."""
    spot = (line, column)
    parents, here = _innermost(roots(statement), spot)
    if not parents or not isinstance(parents[-1], (nodes.Call, nodes.Sequence)):
        return None
    items = here[1:] if isinstance(parents[-1], nodes.Call) else here
    above = [item for item in items if _end(item) <= spot]
    return above[-1] if above and len(above) < len(items) else None


def operand_on_line(expression: Expr, line: int) -> Expr | None:
    """The right operand of an operator that a line begins with, of which a comment at its end speaks first."""
    if not isinstance(expression, nodes.Binary):
        return None
    return expression.right if _end(expression.left)[0] < line <= expression.right.at[0] else None


def _innermost(parts: list[Expr], spot: _Spot) -> tuple[list[Expr], list[Expr]]:
    """The expressions around a place, outermost first, and the parts of the last of them."""
    parents: list[Expr] = []
    while True:
        around = next((part for part in parts if (part.at[0], part.at[1]) < spot < _end(part)), None)
        if around is None:
            return parents, parts
        parents.append(around)
        parts = parts_of(around)


def _below(parents: list[Expr], here: list[Expr], spot: _Spot) -> list[Expr]:
    for part in here:
        if (part.at[0], part.at[1]) > spot:
            return [part]
    if not parents:
        return here[-1:]
    link = parents[-1]
    if isinstance(link, nodes.Attribute):  # above `.method(...)`: that link
        call = parents[-2] if len(parents) > 1 else None
        return [call] if isinstance(call, nodes.Call) and call.func is link else [link]
    return here[-1:]


def _end(part: Expr) -> _Spot:
    return part.at[2], part.at[3]


def parts_of(expression: Expr) -> list[Expr]:
    """The parts of an expression in the order in which they are written."""
    parts = _PARTS.get(type(expression))
    return [part for part in parts(expression) if part is not None] if parts is not None else []


def _of_comprehension(expression: nodes.Comprehension) -> list[Expr | None]:
    inner = [part for each in expression.generators for part in (each.iterable, *each.conditions)]
    return [expression.element, expression.value, *inner]


_PARTS: dict[type, Callable[[Any], Iterable[Expr | None]]] = {
    nodes.Call: lambda call: (call.func, *sorted((arg.value for arg in call.args), key=lambda value: value.at)),
    nodes.Attribute: lambda whole: (whole.value,),
    nodes.Starred: lambda whole: (whole.value,),
    nodes.Subscript: lambda whole: (whole.value, whole.index),
    nodes.Binary: lambda whole: (whole.left, whole.right),
    nodes.Sequence: lambda whole: whole.items,
    nodes.Dict: lambda whole: [part for pair in zip(whole.keys, whole.values, strict=True) for part in pair],
    nodes.Unary: lambda whole: (whole.operand,),
    nodes.Boolean: lambda whole: whole.values,
    nodes.Compare: lambda whole: (whole.left, *whole.comparators),
    nodes.Conditional: lambda whole: (whole.body, whole.test, whole.orelse),
    nodes.Lambda: lambda whole: (whole.body,),
    nodes.Comprehension: _of_comprehension,
    nodes.Slice: lambda whole: (whole.lower, whole.upper, whole.step),
    nodes.Walrus: lambda whole: (whole.value,),
    nodes.Yield: lambda whole: (whole.value,),
    nodes.FString: lambda whole: whole.parts,
}
"""What stands within each kind of expression; a name or a constant holds nothing."""


def all_parts(parts: list[Expr]) -> Iterator[Expr]:
    """These expressions and all that is within them."""
    stack = list(parts)
    while stack:
        part = stack.pop()
        yield part
        stack.extend(parts_of(part))
