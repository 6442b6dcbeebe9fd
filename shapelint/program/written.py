"""What is written in a function: its statements, the names that they bind, expressions as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from shapelint.program import nodes
from shapelint.program.within import all_parts, roots

BLOCKS = ("body", "orelse", "handlers", "cases", "final")
"""The attributes of a statement that hold statements, or clauses that do."""


def targets_of(statement: nodes.Stmt) -> set[str]:
    """The names that a statement binds, those bound on a branch included."""
    stack: list[nodes.Expr] = []
    if isinstance(statement, nodes.If):
        return {name for inner in (*statement.body, *statement.orelse) for name in targets_of(inner)}
    if isinstance(statement, nodes.Assign):
        stack += statement.targets
    elif isinstance(statement, (nodes.AugAssign, nodes.For)):
        stack.append(statement.target)
    names: set[str] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, nodes.Sequence):
            stack += node.items
        elif isinstance(node, nodes.Starred):
            stack.append(node.value)
        else:
            names.add(text_of(node))
    return names


@lru_cache(maxsize=256)
def bound_in(node: nodes.Function) -> frozenset[str]:
    """The names that the statements of a function bind."""
    assigned = (one for one in statements_of(node) if isinstance(one, nodes.Assign))
    return frozenset(name for one in assigned for name in targets_of(one))


@lru_cache(maxsize=256)
def counted_in(node: nodes.Function) -> frozenset[str]:
    """The names that only count the turns of loops: `k` of `for k in range(3)`, the first of `enumerate`."""
    loops = (one for one in statements_of(node) if isinstance(one, nodes.For))
    counted = {name for one in loops if (name := counted_by(one)) is not None}
    return frozenset(counted) - bound_in(node) - {param.name for param in node.params}


@lru_cache(maxsize=256)
def letters_of_no_size(node: nodes.Function) -> frozenset[str]:
    """The parameters of one letter that the code asks for a part, or never uses: `D.view(1, -1)` is of a tensor."""
    parts = expressions_within(node)
    used = {part.id for part in parts if isinstance(part, nodes.Name)}
    wholes = [part.value for part in parts if isinstance(part, (nodes.Attribute, nodes.Subscript))]
    asked = {whole.id for whole in wholes if isinstance(whole, nodes.Name)}
    letters = {param.name for param in node.params if len(param.name) == 1}
    return frozenset(letters & (asked | (letters - used))) - bound_in(node)


def counted_by(loop: nodes.For) -> str | None:
    """The name that counts the turns of a loop."""
    iterable, target = loop.iterable, loop.target
    if not isinstance(iterable, nodes.Call) or not isinstance(iterable.func, nodes.Name):
        return None
    if iterable.func.id == "enumerate" and isinstance(target, nodes.Sequence) and target.items:
        target = target.items[0]
    is_count = iterable.func.id in ("range", "enumerate") and isinstance(target, nodes.Name)
    return target.id if is_count and isinstance(target, nodes.Name) else None


def returned_by(node: nodes.Function) -> list[nodes.Expr]:
    """The values that a function returns, where it says one."""
    returns = (one for one in statements_of(node) if isinstance(one, nodes.Return))
    return [one.value for one in returns if one.value is not None]


def statements_within(body: Iterable[nodes.Stmt], *, inner: bool = False) -> Iterator[nodes.Stmt]:
    """The statements of a body, and those of the blocks in it; those of its functions and classes only if `inner`."""
    stack: list[Any] = [*body]
    while stack:
        node = stack.pop()
        kind = type(node)
        blocks = _BLOCKS.get(kind)
        if blocks is None:
            blocks = _BLOCKS[kind] = tuple(block for block in BLOCKS if hasattr(kind, block))
        if blocks and (inner or (kind is not nodes.Function and kind is not nodes.Class)):
            for block in blocks:
                stack.extend(getattr(node, block))
        if kind is not nodes.Handler and kind is not nodes.Case:
            yield node


_BLOCKS: dict[type, tuple[str, ...]] = {}


@lru_cache(maxsize=512)
def statements_of(function: nodes.Function, *, inner: bool = False) -> tuple[nodes.Stmt, ...]:
    """The statements of a function, those within its blocks among them; of what it defines only if `inner`."""
    return tuple(statements_within(function.body, inner=inner))


@lru_cache(maxsize=64)
def expressions_within(function: nodes.Function) -> tuple[nodes.Expr, ...]:
    """The expressions of all statements of a function, those within others among them; several things are sought."""
    return tuple([part for one in statements_of(function) for part in all_parts(roots(one))])


def text_of(expr: nodes.Expr | None) -> str:
    """A short text of an expression, for people."""
    if isinstance(expr, nodes.Name):
        return expr.id
    if isinstance(expr, nodes.Attribute):
        return f"{text_of(expr.value)}.{expr.attr}"
    if isinstance(expr, nodes.Constant):
        return repr(expr.value)
    if isinstance(expr, nodes.Call):
        inner = ", ".join((f"{a.keyword}=" if a.keyword else a.star) + text_of(a.value) for a in expr.args)
        return f"{text_of(expr.func)}({inner})"
    if isinstance(expr, nodes.Binary):
        return f"{text_of(expr.left)} {expr.op} {text_of(expr.right)}"
    if isinstance(expr, nodes.Unary):
        return f"{expr.op} {text_of(expr.operand)}" if expr.op == "not" else f"{expr.op}{text_of(expr.operand)}"
    if isinstance(expr, nodes.Subscript):
        return f"{text_of(expr.value)}[{text_of(expr.index)}]"
    if isinstance(expr, nodes.Sequence):
        inner = ", ".join(map(text_of, expr.items))
        return f"[{inner}]" if expr.kind == "list" else inner
    if isinstance(expr, nodes.Slice):
        return f"{text_of(expr.lower)}:{text_of(expr.upper)}"
    return "" if expr is None else "..."


def value_expr(statement: nodes.Stmt) -> nodes.Expr | None:
    """The expression whose value a statement gives or binds; None where it has none."""
    if isinstance(statement, nodes.AugAssign):
        return nodes.Binary(statement.at, statement.op, statement.target, statement.value)
    return getattr(statement, "value", None)
