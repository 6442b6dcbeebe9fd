"""What a condition asks for its shape, of which a comment beside it may speak."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shapelint.program import nodes
from shapelint.program.within import parts_of

_ASKED = frozenset("shape size ndim dim ndimension".split())
_OF_SIZES = re.compile(r"(?:^|[_.])(?:shape|size|dims|resolution)$")


def asked_for_its_shape(expr: nodes.Expr) -> Iterator[nodes.Expr]:
    """What a condition asks for its shape, or for how many dims it has."""
    if isinstance(expr, nodes.Attribute) and expr.attr in _ASKED:
        yield expr.value
    for part in parts_of(expr):
        yield from asked_for_its_shape(part)


def asserted_by(statement: nodes.Stmt) -> Sequence[nodes.Expr]:
    """What a statement asserts, by Python's own word or by a test's: `self.assertEqual(x.shape, (2, 3))`."""
    if isinstance(statement, nodes.Assert):
        return [statement.test]
    call = statement.value if isinstance(statement, nodes.Expression) else None
    if not isinstance(call, nodes.Call):
        return []
    name = call.func.attr if isinstance(call.func, nodes.Attribute) else getattr(call.func, "id", "")
    return [argument.value for argument in call.args] if name.startswith("assert") else []


def asserted_rank(statement: nodes.Stmt) -> int | None:
    """The number of dims that a statement asserts of a tensor: `assert x.dim() == 3`, `assert x.ndim == 3`."""
    test = statement.test if isinstance(statement, nodes.Assert) else None
    if not isinstance(test, nodes.Compare) or test.ops != ("==",):
        return None
    asking, count = test.left, test.comparators[0]
    asking = asking.func if isinstance(asking, nodes.Call) and not asking.args else asking
    is_rank = isinstance(asking, nodes.Attribute) and asking.attr in ("dim", "ndim", "ndimension")
    if not is_rank or not isinstance(count, nodes.Constant) or not isinstance(count.value, int):
        return None
    return count.value


def counted_row(test: nodes.Expr) -> tuple[nodes.Expr, int] | None:
    """The row of sizes by its name that a condition tells to hold so many: `len(input_shape) == 3`."""
    if not isinstance(test, nodes.Compare) or test.ops != ("==",) or not isinstance(test.left, nodes.Call):
        return None
    count, call = test.comparators[0], test.left
    if not isinstance(call.func, nodes.Name) or call.func.id != "len" or len(call.args) != 1:
        return None
    row = call.args[0].value
    name = row.attr if isinstance(row, nodes.Attribute) else getattr(row, "id", "")
    if not isinstance(count, nodes.Constant) or not isinstance(count.value, int) or not is_called_a_row(name):
        return None
    return row, count.value


def is_called_a_row(name: str) -> bool:
    """Whether what goes by a name is a row of sizes: `input_shape`, `config.image_size`."""
    return _OF_SIZES.search(name) is not None
