"""What a comment with an arrow tells of: not of sizes that are asked for below it, nor of the header of a branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from shapelint.notation.model import Role
from shapelint.program.nodes import (
    Assign,
    Attached,
    Attribute,
    AugAssign,
    Binary,
    Call,
    Constant,
    Expr,
    Expression,
    If,
    Name,
    Notes,
    Place,
    Return,
    Stmt,
    Subscript,
    Unary,
)
from shapelint.program.nodes import Sequence as Row

MOST_LINES = 6
"""How far below the comment the statement that it speaks of may begin."""


def moved_to_what_they_tell_of(body: Sequence[Stmt]) -> tuple[Stmt, ...]:
    """The statements of a block, in which such claims stand at the first statement that is not about sizes alone."""
    moved = [_into_its_branch(statement) if isinstance(statement, If) else statement for statement in body]
    for place, (statement, below) in enumerate(pairwise(body)):
        here = moved[place] = _without_what_is_to_come(moved[place], below)
        if not isinstance(below, (Assign, AugAssign, Expression, Return)) or below.notes.claims:
            continue
        claims = [
            one for one in _arrows(here, Place.ABOVE) + _named_arrows(here) if below.at[0] - one.at[0] <= MOST_LINES
        ]
        if claims and isinstance(here, Assign) and _asks_for_sizes(here.value):
            left = tuple(one for one in here.notes.claims if one not in claims)
            moved[place] = replace(statement, notes=Notes(left, here.notes.definitions))
            claims = [replace(one, place=Place.ABOVE) for one in claims]
            moved[place + 1] = replace(below, notes=Notes(tuple(claims), below.notes.definitions))
    return tuple(moved)


def _without_what_is_to_come(statement: Stmt, below: Stmt) -> Stmt:
    """A statement that asks for sizes, without what the arrow beside it makes, where that is not the next one's."""
    claims = _named_arrows(statement)
    if not claims or not isinstance(statement, Assign) or not _asks_for_sizes(statement.value):
        return statement
    if isinstance(below, (Assign, AugAssign, Expression, Return)) and not below.notes.claims:
        return statement
    left = tuple(one for one in statement.notes.claims if one not in claims or one.claim.role is Role.INPUT)
    return replace(statement, notes=Notes(left, statement.notes.definitions))


def _into_its_branch(statement: If) -> If:
    """An `if` whose header tells what its branch makes of something, where that is a single statement."""
    claims = _arrows(statement, Place.HEADER)
    first = statement.body[0]
    if not claims or len(statement.body) > 1 or not isinstance(first, (Assign, AugAssign, Expression, Return)):
        return statement
    left = tuple(one for one in statement.notes.claims if one not in claims)
    within = replace(first, notes=Notes((*claims, *first.notes.claims), first.notes.definitions))
    return replace(statement, body=(within,), notes=Notes(left, statement.notes.definitions))


def _arrows(statement: Stmt, place: Place) -> list[Attached]:
    """The claims of comments at a place of a statement that tell, without a name, what becomes of something."""
    return _both_ways([one for one in statement.notes.claims if one.place is place and one.subject is None])


def _named_arrows(statement: Stmt) -> list[Attached]:
    """The claims of the comment beside a statement that tell what becomes of something."""
    return _both_ways([one for one in statement.notes.claims if one.place is Place.TRAILING])


def _both_ways(over: Sequence[Attached]) -> list[Attached]:
    if len(over) < 2:
        return []
    inputs, results = ({one.text for one in over if one.claim.role is role} for role in (Role.INPUT, Role.RESULT))
    both = inputs & results
    return [one for one in over if one.text in both]


def _asks_for_sizes(expr: Expr | None) -> bool:
    """Whether an expression is a size, or a row of them, by its form: `x.shape[-1]`, `len(x)`, `2 * n.size(0)`."""
    match expr:
        case Constant():
            return True
        case Attribute(attr=attr):
            return attr in ("shape", "ndim")
        case Subscript(value=value):
            return isinstance(value, Attribute) and value.attr == "shape"
        case Call(func=Attribute(attr=attr)):
            return attr in ("size", "dim", "numel")
        case Call(func=Name(id=name)):
            return name in ("len", "int")
        case Binary(left=left, right=right):
            return _asks_for_sizes(left) and _asks_for_sizes(right)
        case Unary(operand=operand):
            return _asks_for_sizes(operand)
        case Row(items=items):  # `(batch, length, self.heads, -1)`
            plain = [item for item in items if not isinstance(item, (Name, Attribute)) or _asks_for_sizes(item)]
            return bool(plain) and all(map(_asks_for_sizes, plain))
        case _:
            return False
