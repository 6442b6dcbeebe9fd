"""Puts calls of the recorder into Python's syntax tree, where the edits say; lines stay the same."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from shapelint.program.positions import Positions

RECORDER = "__shapelint__"

Wrap = Callable[[ast.expr], ast.expr]


@dataclass(slots=True)
class Edits:
    """What is to be put into the tree, by the id of the node of `ast` that it concerns."""

    wraps: defaultdict[int, list[Wrap]] = field(default_factory=lambda: defaultdict(list))
    before: defaultdict[int, list[ast.stmt]] = field(default_factory=lambda: defaultdict(list))
    after: defaultdict[int, list[ast.stmt]] = field(default_factory=lambda: defaultdict(list))
    inside: defaultdict[int, list[ast.stmt]] = field(default_factory=lambda: defaultdict(list))  # opens a block's body
    guards: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    scopes: dict[int, int] = field(default_factory=dict)
    results: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def wrapping(method: str, *numbers: int) -> Wrap:
    """An edit that has the recorder see what an expression gives."""
    return lambda expr: ast.copy_location(called(method, *numbers, expr), expr)


def called(method: str, *arguments: int | ast.expr) -> ast.Call:
    """A call of one of the recorder's methods."""
    function = ast.Attribute(ast.Name(RECORDER, ast.Load()), method, ast.Load())
    return ast.Call(function, [ast.Constant(a) if isinstance(a, int) else a for a in arguments], [])


def call(method: str, *arguments: int | ast.expr) -> ast.stmt:
    """A statement that calls one of the recorder's methods."""
    return ast.Expr(called(method, *arguments))


def tried(statement: ast.stmt, otherwise: ast.stmt) -> ast.stmt:
    """A statement, and another one where it raises."""
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [otherwise])
    return ast.Try([statement], [handler], [], [])


class Rewriting(ast.NodeTransformer):
    """Puts the edits into the tree, from the leaves up."""

    def __init__(self, edits: Edits, positions: Positions, trace: bool, places: frozenset[int]) -> None:
        self._edits, self._positions, self._trace, self._places = edits, positions, trace, places
        self._results: list[int] = []

    def module(self, tree: ast.Module) -> ast.Module:
        self.generic_visit(tree)
        first = 0
        for first, statement in enumerate([*tree.body, ast.Pass()]):
            is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not is_docstring and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
                break
        line = tree.body[first].lineno if first < len(tree.body) else 1
        tree.body.insert(first, _placed(call("enter", 0), line))
        return ast.fix_missing_locations(tree)

    def visit(self, node: ast.AST) -> ast.AST | list[ast.stmt]:
        key = id(node)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            visited: ast.AST = self._function(node)
        elif isinstance(node, ast.Lambda):
            outer, self._results = self._results, []
            visited = super().generic_visit(node)
            self._results = outer
        else:
            visited = super().generic_visit(node)
        if isinstance(node, ast.expr):
            for wrap in self._edits.wraps.get(key, ()):
                assert isinstance(visited, ast.expr)
                visited = wrap(visited)
            return visited
        if isinstance(node, ast.stmt):
            return self._statement(node, key)
        return visited

    def _statement(self, node: ast.stmt, key: int) -> list[ast.stmt]:
        line, end = node.lineno, node.end_lineno or node.lineno
        if isinstance(node, ast.Return) and node.value is not None:
            for index in self._results:
                node.value = ast.copy_location(called("value", index, node.value), node.value)
        if self._trace:
            self._traced(node)
        if isinstance(node, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)):
            opening = [_placed(each, line) for each in self._edits.inside.get(key, ())]
            node.body[:0] = opening
        rows: list[ast.stmt] = [node]
        for index in self._edits.guards.get(key, ()):
            if isinstance(node, ast.Return) and node.value is not None:  # what follows a return never runs
                node.value = ast.copy_location(called("passing", index, node.value), node.value)
            rows = [_placed(_guarded(rows, index), line)]
        before = [_placed(each, line) for each in self._edits.before.get(key, ())]
        if self._places and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            before += [_placed(call("reached", place), line) for place in self._reached(node)]
        after = [_placed(each, end) for each in self._edits.after.get(key, ())]
        return [*before, *rows, *after]

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        outer = self._results
        is_generator = _is_generator(node)
        self._results = [] if is_generator else self._edits.results.get(id(node), [])
        super().generic_visit(node)
        self._results = outer
        scope = self._edits.scopes.get(id(node))
        if scope is None:
            return node
        docstring: list[ast.stmt] = []
        body = node.body
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            docstring, body = body[:1], body[1:]
        line = body[0].lineno if body else node.lineno
        opening = [_placed(each, line) for each in self._edits.inside.get(id(node), ())]
        tried = ast.Try([*opening, *body] or [ast.Pass()], [], [], [call("leave")])
        node.body = [*docstring, _placed(call("enter", scope), line), _placed(tried, line)]
        return node

    def _reached(self, node: ast.stmt) -> list[int]:
        """The places that stand in a statement, or in its header where it has a block."""
        first = self._positions.span(node)[0]
        body = getattr(node, "body", None)
        last = self._positions.span(body[0])[0] - 1 if body else self._positions.span(node)[2]
        return sorted(place for place in self._places if first <= place <= max(first, last))

    def _traced(self, node: ast.stmt) -> None:
        line = node.end_lineno or node.lineno
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)) and node.value is not None:
            if isinstance(node.value, (ast.Yield, ast.YieldFrom, ast.Await, ast.Constant)):
                return
            node.value = ast.copy_location(called("line", line, node.value), node.value)
        elif isinstance(node, ast.AugAssign):
            node.value = ast.copy_location(called("line", line, node.value), node.value)


def _is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    stack: list[ast.AST] = [*node.body]
    while stack:
        inner = stack.pop()
        if isinstance(inner, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(inner)
    return False


def _guarded(body: list[ast.stmt], index: int) -> ast.stmt:
    """The statements, with a note of whether they raise; what they raise goes on."""
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [call("raised", index), ast.Raise()])
    return ast.Try(body, [handler], [call("passed", index)], [])


def _placed(node: ast.stmt, line: int) -> ast.stmt:
    """The new node with all that has no place yet put on a line."""
    for inner in ast.walk(node):
        if "lineno" in inner._attributes and getattr(inner, "lineno", None) is None:
            inner.lineno = inner.end_lineno = line  # type: ignore[attr-defined]
            inner.col_offset = inner.end_col_offset = 0  # type: ignore[attr-defined]
    return node
