"""Where a value was written down: the expression that a name was last given in the same function."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.interp.state.machine import Frame
from shapelint.program import nodes

MOST_NAMES = 6
MOST_LINKS = 8  # of a chain of calls that is followed back


def written(frame: Frame, expr: nodes.Expr, *, through_calls: bool = False) -> Iterator[nodes.Expr]:
    """The expression, and those that the names in it were last given above it, as far as they can be followed.

    `through_calls` those, too, that a function was given for its parameters by the call that runs it.
    """
    waiting, seen = [(frame, expr)], 0
    while waiting and seen < MOST_NAMES:
        where, one = waiting.pop()
        yield one
        for part in parts_of(one):
            if isinstance(part, nodes.Name):
                given, place = last_given(where, part), where
                if given is None and through_calls and where.caller is not None:
                    given, place = _argument(where, part.id), where.caller
                if given is not None:
                    seen += 1
                    waiting.append((place, given))


def _argument(frame: Frame, name: str) -> nodes.Expr | None:
    """What the call that runs a function gives for a parameter; None where that is not written there."""
    call = frame.caller.call_site if frame.caller is not None else None
    node = frame.function.node if frame.function is not None else None
    if not isinstance(call, nodes.Call) or node is None:
        return None
    names = [param.name for param in node.params]
    if name not in names or any(argument.star for argument in call.args):
        return None
    bound = 1 if names[0] == "self" else 0
    plain = [argument.value for argument in call.args if argument.keyword is None]
    named = next((argument.value for argument in call.args if argument.keyword == name), None)
    at = names.index(name) - bound
    return named if named is not None else plain[at] if 0 <= at < len(plain) else None


def last_given(frame: Frame, name: nodes.Name) -> nodes.Expr | None:
    """What a name was assigned last above the place where it stands; None where it is a parameter, or another's."""
    node = frame.function.node if frame.function is not None else None
    if not isinstance(node, nodes.Function):
        return None
    found: nodes.Assign | None = None
    for assign in assignments(node.body):
        if assign.at[0] >= name.at[0] or (found is not None and assign.at[0] < found.at[0]):
            continue
        if any(isinstance(target, nodes.Name) and target.id == name.id for target in assign.targets):
            found = assign
    return None if found is None else found.value


def unpacked_from(frame: Frame, name: nodes.Expr | None) -> nodes.Expr | None:
    """What gave several values of which a name was last the first, `weights, places = scores.topk(k)`; else None."""
    node = frame.function.node if frame.function is not None else None
    if not isinstance(node, nodes.Function) or not isinstance(name, nodes.Name):
        return None
    found: nodes.Expr | None = None
    for assign in assignments(node.body):
        if assign.at[0] >= name.at[0]:
            continue
        for target in assign.targets:
            is_first = isinstance(target, nodes.Sequence) and _is_name(target.items[0] if target.items else None, name)
            if is_first or _is_name(target, name):
                found = assign.value if is_first else None
    return found


def _is_name(target: nodes.Expr | None, name: nodes.Name) -> bool:
    return isinstance(target, nodes.Name) and target.id == name.id


def assignments(body: tuple[nodes.Stmt, ...]) -> Iterator[nodes.Assign]:
    """Every assignment of a block and of the blocks within it, in the order of the file."""
    for statement in body:
        if isinstance(statement, nodes.Assign):
            yield statement
            continue
        for block in ("body", "handlers", "cases", "orelse", "final"):
            inner = getattr(statement, block, None)
            if isinstance(inner, tuple) and not isinstance(statement, (nodes.Function, nodes.Class)):
                yield from assignments(inner)


def parts_of(expr: object) -> Iterator[nodes.Expr]:
    """An expression and everything that stands in it."""
    stack: list[object] = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(node)
        elif isinstance(node, nodes.Argument):
            stack.append(node.value)
        elif hasattr(node, "at") and hasattr(node, "__slots__"):
            yield node  # type: ignore[misc]
            stack.extend(getattr(node, name) for name in node.__slots__ if name != "at")


def called(expr: nodes.Expr | None) -> str:
    """The last part of the name of what a call calls; "" for anything but a call."""
    if not isinstance(expr, nodes.Call):
        return ""
    func = expr.func
    return func.attr if isinstance(func, nodes.Attribute) else func.id if isinstance(func, nodes.Name) else ""


def dim_of(call: nodes.Call, position: int, default: int | None = None) -> int | None:
    """The dim that a call is given as a plain number: as `dim=`, or at a position, the tensor being the first one."""
    if any(argument.star for argument in call.args):
        return None
    named = next((argument.value for argument in call.args if argument.keyword == "dim"), None)
    if named is not None:
        return literal(named)
    at = position - (isinstance(call.func, nodes.Attribute) and not is_of_module(call.func))
    plain = [argument.value for argument in call.args if argument.keyword is None]
    return literal(plain[at]) if at < len(plain) else default


def is_of_module(func: nodes.Expr) -> bool:
    """Whether a function is one of a module of torch, by how these are mostly called: `torch.sum`, `F.softmax`."""
    owner = func.value if isinstance(func, nodes.Attribute) else None
    if isinstance(owner, nodes.Attribute):
        return owner.attr in ("functional", "linalg", "nn")
    return isinstance(owner, nodes.Name) and owner.id in ("torch", "F", "nn", "functional")


def is_product(expr: nodes.Expr) -> bool:
    """Whether an expression is a matrix product, in whatever way it is written."""
    is_call = called(expr) in ("matmul", "bmm", "mm", "einsum", "baddbmm", "tensordot", "dot")
    return is_call or (isinstance(expr, nodes.Binary) and expr.op == "@")


def literal(expr: nodes.Expr) -> int | None:
    if isinstance(expr, nodes.Unary) and expr.op == "-" and isinstance(expr.operand, nodes.Constant):
        inner = expr.operand.value
        return -inner if type(inner) is int else None
    return expr.value if isinstance(expr, nodes.Constant) and type(expr.value) is int else None
