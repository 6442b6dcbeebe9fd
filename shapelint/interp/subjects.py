"""Which values a claim speaks of: the statement's value, its input, an operand, a link of a chain, a named value."""

from __future__ import annotations

from shapelint.interp.machine import Frame, evaluate
from shapelint.interp.values import Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes

JOINING = frozenset("matmul bmm mm cat concat concatenate stack einsum add sub mul div outer dot baddbmm".split())


def tensor_in(frame: Frame, expr: nodes.Expr) -> bool:
    """Whether an expression that was evaluated gave something that may be a tensor."""
    value = frame.world.settle((frame.seen or {}).get(id(expr)))
    return isinstance(value, Tensor)


def value_of(frame: Frame, expr: nodes.Expr) -> Value:
    """What an expression of the statement at hand gave."""
    return (frame.seen or {}).get(id(expr))


def inputs(frame: Frame, expr: nodes.Expr) -> list[nodes.Expr]:
    """The expressions that may be meant by "the input" of a statement, the innermost first."""
    found: list[nodes.Expr] = []
    step: nodes.Expr | None = expr
    while step is not None and len(found) < 12:
        step = _input_of(frame, step)
        if step is not None:
            found.append(step)
    return list(reversed(found))


def _input_of(frame: Frame, expr: nodes.Expr) -> nodes.Expr | None:
    if isinstance(expr, nodes.Call):
        if isinstance(expr.func, nodes.Attribute) and tensor_in(frame, expr.func.value):
            return expr.func.value
        for argument in expr.args:
            if tensor_in(frame, argument.value):
                return argument.value
            if len(expr.args) > 1 and isinstance(frame.world.settle(value_of(frame, argument.value)), Unknown):
                return None  # it may well be the one that is meant
            if isinstance(argument.value, nodes.Sequence):
                for item in argument.value.items:
                    if tensor_in(frame, item):
                        return item
        return None
    if isinstance(expr, nodes.Binary):
        return expr.left if tensor_in(frame, expr.left) else expr.right if tensor_in(frame, expr.right) else None
    if isinstance(expr, (nodes.Subscript, nodes.Attribute)):
        return expr.value if tensor_in(frame, expr.value) else None
    if isinstance(expr, nodes.Unary):
        return expr.operand
    if isinstance(expr, nodes.Conditional):
        return _input_of(frame, expr.body)
    return None


def arguments_in_order(frame: Frame, expr: nodes.Expr, count: int) -> list[nodes.Expr]:
    """What a claim `(A), (B) -> (C)` speaks of on its left: the tensors that a call is given, if they are so many."""
    if not isinstance(expr, nodes.Call):
        return operands(frame, expr, count)
    parts = [argument.value for argument in expr.args if not argument.star]
    if isinstance(expr.func, nodes.Attribute) and tensor_in(frame, expr.func.value):
        parts.insert(0, expr.func.value)
    found = [part for part in parts if _may_be_tensor(frame, part)]
    return found if len(found) == count else []


def _may_be_tensor(frame: Frame, expr: nodes.Expr) -> bool:
    value = frame.world.settle(value_of(frame, expr))
    return isinstance(value, (Tensor, Unknown))


def links(frame: Frame, expr: nodes.Expr) -> list[nodes.Expr]:
    """The links of a chain of calls between its input and its result, in order."""
    return [link for link in inputs(frame, expr)[1:] if isinstance(link, (nodes.Call, nodes.Subscript, nodes.Binary))]


def operands(frame: Frame, expr: nodes.Expr, count: int) -> list[nodes.Expr]:
    """The operands that a claim `(A) @ (B)` speaks of: those of the outermost operation on as many tensors."""
    queue: list[nodes.Expr] = [expr]
    while queue:
        node = queue.pop(0)
        if isinstance(node, nodes.Binary):
            for flat in (_flattened(node, node.op, count), [node.left, node.right]):
                if len(flat) == count and all(tensor_in(frame, part) and _has_dims(frame, part) for part in flat):
                    return flat
            queue += [node.left, node.right]
        elif isinstance(node, nodes.Call):
            found = _arguments(frame, node, count)
            if found:
                return found
            if isinstance(node.func, nodes.Attribute):
                queue.append(node.func.value)
            queue += [argument.value for argument in node.args]
        elif isinstance(node, nodes.Unary):
            queue.append(node.operand)
        elif isinstance(node, (nodes.Subscript, nodes.Attribute)):
            queue.append(node.value)
    return []


def _flattened(node: nodes.Expr, op: str, count: int) -> list[nodes.Expr]:
    if count > 2 and isinstance(node, nodes.Binary) and node.op == op:
        return [*_flattened(node.left, op, count - 1), node.right]
    return [node]


def _has_dims(frame: Frame, expr: nodes.Expr) -> bool:
    value = frame.world.settle(value_of(frame, expr))
    return isinstance(value, Tensor) and (not value.shape.known or value.rank > 0)


def _arguments(frame: Frame, node: nodes.Call, count: int) -> list[nodes.Expr]:
    name = node.func.attr if isinstance(node.func, nodes.Attribute) else getattr(node.func, "id", "")
    if name not in JOINING:
        return []
    parts: list[nodes.Expr] = []
    if isinstance(node.func, nodes.Attribute) and tensor_in(frame, node.func.value):
        parts.append(node.func.value)
    for argument in node.args:
        if isinstance(argument.value, nodes.Sequence):
            parts += [item for item in argument.value.items if tensor_in(frame, item)]
        elif tensor_in(frame, argument.value):
            parts.append(argument.value)
    return parts if len(parts) == count else []


def evaluated_aside(frame: Frame, expr: nodes.Expr) -> Value:
    """What an expression that stands in a comment gives, without any effect on the program."""
    machine, env, world = frame.machine, frame.env, frame.world
    recording, seen, guarded = frame.recording, frame.seen, frame.guarded
    frame.env, machine.world = dict(env), world.fork()
    frame.recording, frame.guarded = False, guarded + 1
    try:
        return machine.world.settle(evaluate(frame, expr))
    finally:
        frame.env, machine.world = env, world
        frame.recording, frame.seen, frame.guarded = recording, seen, guarded


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
