"""What is meant to fail: what stands under `pytest.raises`, and a function that is named nowhere else."""

from __future__ import annotations

from shapelint.interp.state.values import FunctionValue
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of, statements_within

_EXPECTING = frozenset(["raises", "assertRaises", "assertRaisesRegex", "suppress"])


def expects_error(context: nodes.Expr) -> bool:
    """Whether what runs in the block of this context is meant to raise an error."""
    func = context.func if isinstance(context, nodes.Call) else context
    name = func.attr if isinstance(func, nodes.Attribute) else func.id if isinstance(func, nodes.Name) else ""
    return name in _EXPECTING


def is_run_to_fail(function: FunctionValue) -> bool:
    """Whether a function within another one is named in blocks alone that expect an error: `with raises(...): f()`."""
    around = function.frame.function.node if function.frame.function is not None else None
    if not isinstance(function.node, nodes.Function) or not isinstance(around, nodes.Function):
        return False
    name, statements = function.node.name, statements_of(around)
    blocks = [
        one for one in statements if isinstance(one, nodes.With) and any(expects_error(each) for each, _ in one.items)
    ]
    within = sum(_uses(name, inner) for one in blocks for inner in statements_within(one.body))
    return 0 < within == sum(_uses(name, one) for one in statements)


def _uses(name: str, statement: nodes.Stmt) -> int:
    return sum(isinstance(part, nodes.Name) and part.id == name for part in all_parts(roots(statement)))
