"""Which numbers of a caller may be 0 or less: those that the code asks about, `if not n`, `if dim < 0`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shapelint.interp.state.values import FunctionValue
from shapelint.program import nodes
from shapelint.program.written import expressions_within, statements_of, text_of


def least_asked(function: FunctionValue) -> Mapping[str, int]:
    """The parameters of a function that are asked whether they are 0, or -1, and how little they may be by that.

    They are asked in the function or, where an object keeps them, in its methods.
    """
    node = function.node
    if not isinstance(node, nodes.Function):
        return {}
    machine = function.frame.machine
    found = machine.least_asked.get(node)
    if found is None:
        asked = list(_asked_in((node,)))
        if node.name == "__init__" and function.owner is not None:
            kept = dict(_kept(node))
            methods = [one for one in function.owner.node.body if isinstance(one, nodes.Function) and one is not node]
            asked += [(kept[name], least) for name, least in _asked_in(methods) if name in kept]
        found = machine.least_asked[node] = {}
        for name, least in asked:
            found[name] = min(least, found.get(name, 0))
        for name in _told_apart_from_zero((node,)):
            found[name] = -1
    return found


def _told_apart_from_zero(functions: Iterable[nodes.Function]) -> set[str]:
    """The names that are asked whether they are 0, and whether they are more: they may be less, too."""
    asked: dict[str, set[str]] = {"==": set(), ">": set()}
    for function in functions:
        for statement in statements_of(function):
            test = statement.test if isinstance(statement, nodes.If) else None
            if isinstance(test, nodes.Compare) and test.ops in (("==",), (">",)) and _number(test.comparators[0]) == 0:
                asked[test.ops[0]].add(text_of(test.left))
    return asked["=="] & asked[">"]


def _kept(constructor: nodes.Function) -> Iterator[tuple[str, str]]:
    """The attributes under which an object keeps what it is made with, each with the parameter's name."""
    for statement in statements_of(constructor):
        if isinstance(statement, nodes.Assign) and isinstance(statement.value, nodes.Name):
            for target in statement.targets:
                yield text_of(target), statement.value.id


def _asked_in(functions: Iterable[nodes.Function]) -> Iterator[tuple[str, int]]:
    for function in functions:
        for statement in statements_of(function):
            if isinstance(statement, (nodes.If, nodes.While, nodes.Assert)):
                yield from _asked_by(statement.test)
        for part in expressions_within(function):
            if isinstance(part, nodes.Conditional):
                yield from _asked_by(part.test)


def _asked_by(test: nodes.Expr) -> Iterator[tuple[str, int]]:
    """The names that a condition asks whether they are 0 or less, with the least that it takes into account."""
    if isinstance(test, (nodes.Name, nodes.Attribute)):
        yield text_of(test), 0
    elif isinstance(test, nodes.Unary) and test.op == "not":
        yield from _asked_by(test.operand)
    elif isinstance(test, nodes.Boolean):
        for part in test.values:
            yield from _asked_by(part)
    elif isinstance(test, nodes.Compare) and len(test.ops) == 1:
        op, left, right = test.ops[0], test.left, test.comparators[0]
        for name, other, sense in ((left, right, op), (right, left, MIRRORED.get(op, op))):
            bound = _number(other)
            if bound == 1 and sense not in ("<", ">="):
                continue  # `stride > 1` asks whether it is 1
            if isinstance(name, (nodes.Name, nodes.Attribute)) and bound in (-1, 0, 1):
                is_negative = bound == -1 or (bound == 0 and sense in ("<", ">="))
                yield text_of(name), -1 if is_negative else 0


MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _number(bound: nodes.Expr) -> int | None:
    """The int that an expression is as it stands."""
    if isinstance(bound, nodes.Unary) and bound.op == "-":
        inner = _number(bound.operand)
        return None if inner is None else -inner
    return bound.value if isinstance(bound, nodes.Constant) and type(bound.value) is int else None
