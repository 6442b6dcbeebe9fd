"""Which parameters a function's own code treats as single numbers: what stands alone for sizes may be a row, too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from shapelint.program import nodes
from shapelint.program.written import expressions_within

_ARITHMETIC = frozenset(("-", "*", "//", "/", "%", "**"))
_ORDER = frozenset(("<", "<=", ">", ">="))
_OF_SIZES = frozenset(
    "zeros ones empty rand randn eye arange linspace new_zeros new_ones new_empty view reshape expand repeat unflatten"
    " split chunk".split()
)
_OF_A_TENSOR_FIRST = frozenset("reshape split chunk".split())
_OF_A_ROW = frozenset("LayerNorm RMSNorm Parameter Size Unflatten".split())


@lru_cache(maxsize=256)
def told_numbers(function: nodes.Function) -> frozenset[str]:
    """The names that a function reckons with, counts to, or gives as one of several sizes."""
    found = (part for expression in expressions_within(function) for part in _numbers(expression))
    return frozenset(part.id for part in found if isinstance(part, nodes.Name))


def _numbers(part: nodes.Expr) -> Iterator[nodes.Expr]:
    if isinstance(part, nodes.Binary) and (part.op in _ARITHMETIC or _is_number(part.left) or _is_number(part.right)):
        yield from (part.left, part.right)
    elif isinstance(part, nodes.Unary) and part.op == "-":
        yield part.operand
    elif isinstance(part, nodes.Compare) and _ORDER.intersection(part.ops):
        yield from (part.left, *part.comparators)
    elif isinstance(part, nodes.Sequence) and len(part.items) > 1:
        yield from part.items
    elif isinstance(part, nodes.Call):
        yield from _given_as_sizes(part)


def _given_as_sizes(call: nodes.Call) -> Iterator[nodes.Expr]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = [argument.value for argument in call.args if not argument.star]
    if name == "range" or (name[:1].isupper() and name not in _OF_A_ROW):
        yield from given
    elif name in _OF_SIZES and len(given) > 1:
        of_a_module = isinstance(call.func, nodes.Attribute) and getattr(call.func.value, "id", "") in ("torch", "np")
        if not (of_a_module and name in _OF_A_TENSOR_FIRST):
            yield from given


def _is_number(expr: nodes.Expr) -> bool:
    return isinstance(expr, nodes.Constant) and type(expr.value) in (int, float)
