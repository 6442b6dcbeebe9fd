"""The expressions within a statement and each other, and the one that a comment inside a statement speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

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
    parts: Iterable[Expr | None]
    match expression:
        case nodes.Name() | nodes.Constant():
            return []
        case nodes.Call(func=func, args=args):
            parts = [func, *sorted((arg.value for arg in args), key=lambda value: value.at)]
        case nodes.Attribute(value=value) | nodes.Starred(value=value):
            parts = [value]
        case nodes.Subscript(value=value, index=index):
            parts = [value, index]
        case nodes.Binary(left=left, right=right):
            parts = [left, right]
        case nodes.Sequence(items=items):
            parts = items
        case nodes.Dict(keys=keys, values=values):
            parts = [part for pair in zip(keys, values, strict=True) for part in pair]
        case nodes.Unary(operand=operand):
            parts = [operand]
        case nodes.Boolean(values=values):
            parts = values
        case nodes.Compare(left=left, comparators=others):
            parts = [left, *others]
        case nodes.Conditional(test=test, body=body, orelse=orelse):
            parts = [body, test, orelse]
        case nodes.Lambda(body=body):
            parts = [body]
        case nodes.Comprehension(element=element, value=second, generators=generators):
            inner = [part for each in generators for part in (each.iterable, *each.conditions)]
            parts = [element, second, *inner]
        case nodes.Slice(lower=lower, upper=upper, step=step):
            parts = [lower, upper, step]
        case nodes.Walrus(value=value):
            parts = [value]
        case nodes.Yield(value=inner_value):
            parts = [inner_value]
        case nodes.FString(parts=pieces):
            parts = pieces
        case _:
            parts = []
    return [part for part in parts if part is not None]


def all_parts(parts: list[Expr]) -> Iterator[Expr]:
    """These expressions and all that is within them."""
    stack = list(parts)
    while stack:
        part = stack.pop()
        yield part
        stack.extend(parts_of(part))
