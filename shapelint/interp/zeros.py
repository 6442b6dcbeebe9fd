"""Which numbers that a caller gives may be 0: those that the code itself asks about, `if depth > 0`, `if not n`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapelint.interp.subjects import statements_within, text_of
from shapelint.interp.values import FunctionValue
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots


def perhaps_zero(function: FunctionValue) -> frozenset[str]:
    """The parameters of a function that are asked whether they are 0, in it or, kept by an object, in its methods."""
    node = function.node
    if not isinstance(node, nodes.Function):
        return frozenset()
    machine = function.frame.machine
    found = machine.perhaps_zero.get(node)
    if found is None:
        asked = set(_asked_in((node,)))
        if node.name == "__init__" and function.owner is not None:
            kept = dict(_kept(node))
            methods = [one for one in function.owner.node.body if isinstance(one, nodes.Function) and one is not node]
            asked |= {kept[name] for name in _asked_in(methods) if name in kept}
        found = machine.perhaps_zero[node] = frozenset(asked)
    return found


def _kept(constructor: nodes.Function) -> Iterator[tuple[str, str]]:
    """The attributes under which an object keeps what it is made with, each with the parameter's name."""
    for statement in statements_within(constructor.body):
        if isinstance(statement, nodes.Assign) and isinstance(statement.value, nodes.Name):
            for target in statement.targets:
                yield text_of(target), statement.value.id


def _asked_in(functions: Iterable[nodes.Function]) -> Iterator[str]:
    for function in functions:
        for statement in statements_within(function.body):
            if isinstance(statement, (nodes.If, nodes.While, nodes.Assert)):
                yield from _asked_by(statement.test)
            for part in all_parts(roots(statement)):
                if isinstance(part, nodes.Conditional):
                    yield from _asked_by(part.test)


def _asked_by(test: nodes.Expr) -> Iterator[str]:
    """The names that a condition asks whether they are 0."""
    if isinstance(test, (nodes.Name, nodes.Attribute)):
        yield text_of(test)
    elif isinstance(test, nodes.Unary) and test.op == "not":
        yield from _asked_by(test.operand)
    elif isinstance(test, nodes.Boolean):
        for part in test.values:
            yield from _asked_by(part)
    elif isinstance(test, nodes.Compare) and len(test.ops) == 1:
        for name, other in ((test.left, test.comparators[0]), (test.comparators[0], test.left)):
            if isinstance(name, (nodes.Name, nodes.Attribute)) and _tells_zero(other):
                yield text_of(name)


def _tells_zero(bound: nodes.Expr) -> bool:
    return isinstance(bound, nodes.Constant) and type(bound.value) is int and bound.value in (0, 1)
