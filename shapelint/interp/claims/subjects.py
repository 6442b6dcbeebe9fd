"""Which values a claim speaks of: the statement's value, its input, an operand, a link of a chain, a named value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import External, Value
from shapelint.notation.model import Role
from shapelint.ops.registry import find, find_method
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import text_of, value_expr

JOINING = frozenset(
    "matmul bmm mm cat concat concatenate stack einsum add sub mul div outer dot addmm addbmm baddbmm".split()
)


def tensor_in(frame: Frame, expr: nodes.Expr) -> bool:
    """Whether an expression that was evaluated gave a tensor, or one of several."""
    value = frame.world.settle((frame.seen or {}).get(id(expr)))
    return all(isinstance(frame.world.settle(one), Tensor) for one in alternatives(value))


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
            if _is_made_by_something_unknown(frame, step):
                break
    return list(reversed(found))


def _input_of(frame: Frame, expr: nodes.Expr) -> nodes.Expr | None:
    if isinstance(expr, nodes.Call):
        if isinstance(expr.func, nodes.Attribute) and (
            tensor_in(frame, expr.func.value) or _is_taken_for_one(frame, expr.func)
        ):
            return expr.func.value
        if isinstance(expr.func, nodes.Attribute) and expr.func.attr in LIKE_ANOTHER:
            return _input_of(frame, expr.func.value)
        if is_joining(expr) and _is_unknown_row(frame, expr):
            return None  # what is joined is a list: a shape before the next step is that of what is made of it
        only = expr.args[0] if len(expr.args) == 1 else None
        if only is not None and not only.star and isinstance(frame.world.settle(value_of(frame, only.value)), Unknown):
            return only.value
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
    if isinstance(expr, nodes.Attribute):
        return expr.value if tensor_in(frame, expr.value) else _input_of_result(frame, expr.value)
    if isinstance(expr, nodes.Subscript):
        found = expr.value if tensor_in(frame, expr.value) or _picks_dims(frame, expr) else None
        return found or _input_of_result(frame, expr.value)
    if isinstance(expr, nodes.Unary):
        return expr.operand
    if isinstance(expr, nodes.Conditional):
        return _input_of(frame, expr.body)
    if isinstance(expr, nodes.Comprehension) and expr.kind != "dict":
        return _input_of(frame, expr.element)
    return None


def _input_of_result(frame: Frame, expr: nodes.Expr) -> nodes.Expr | None:
    """The input of a call that gives several things, of which one is taken: `x.max(dim=-1)[0]`, `x.sort().indices`."""
    of_several = isinstance(expr, nodes.Call) and isinstance(frame.world.settle(value_of(frame, expr)), tuple)
    return _input_of(frame, expr) if of_several else None


def _is_unknown_row(frame: Frame, node: nodes.Call) -> bool:
    """Whether nothing is known of what a call joins, which is given as a whole."""
    return bool(node.args) and isinstance(frame.world.settle(value_of(frame, node.args[0].value)), Unknown)


def _is_made_by_something_unknown(frame: Frame, expr: nodes.Expr) -> bool:
    """Whether an expression is the result of a call of which nothing is known: its argument is of another shape."""
    if not isinstance(expr, nodes.Call) or not isinstance(value_of(frame, expr), Unknown):
        return False
    if isinstance(expr.func, nodes.Attribute) and (
        _is_taken_for_one(frame, expr.func)
        or (tensor_in(frame, expr.func.value) and find_method(expr.func.attr, None) is not None)
    ):
        return False
    function = frame.world.settle(value_of(frame, expr.func))
    return not isinstance(function, External) or find(function.name) is None


def _is_taken_for_one(frame: Frame, func: nodes.Attribute) -> bool:
    """Whether a method is one of tensors that only they have, and its receiver a value of which nothing is known."""
    is_unknown = isinstance(frame.world.settle(value_of(frame, func.value)), Unknown)
    return is_unknown and func.attr not in METHODS_OF_OTHERS and find_method(func.attr, None) is not None


LIKE_ANOTHER = frozenset("to type_as".split())
"""Methods that are told by another tensor what their own is to be like."""

METHODS_OF_OTHERS = frozenset("split index_fill expand format count copy item sort index to apply".split())


def _picks_dims(frame: Frame, expr: nodes.Subscript) -> bool:
    """Whether a value of which nothing is known is indexed as only a tensor is: by a slice or None in a row."""
    if not isinstance(frame.world.settle(value_of(frame, expr.value)), Unknown):
        return False
    return isinstance(expr.index, nodes.Sequence) or (
        isinstance(expr.index, nodes.Constant) and expr.index.value is None
    )


def arguments_in_order(frame: Frame, expr: nodes.Expr, count: int) -> list[nodes.Expr]:
    """What a claim `(A), (B) -> (C)` speaks of on its left: the tensors that a call is given, if they are so many."""
    if not isinstance(expr, nodes.Call):
        return operands(frame, expr, count)
    parts = [argument.value for argument in expr.args if not argument.star]
    if parts and isinstance(parts[0], nodes.Sequence) and parts[0].kind in ("list", "tuple"):
        parts[:1] = parts[0].items  # `cat([a, b], 1)`, or a layer that takes its inputs as a pair
    if isinstance(expr.func, nodes.Attribute) and tensor_in(frame, expr.func.value):
        parts.insert(0, expr.func.value)
    found = [part for part in parts if _may_be_tensor(frame, part)]
    if len(found) != count and isinstance(expr.func, nodes.Attribute):  # `matmul(a, b).transpose(1, 2)`
        return arguments_in_order(frame, expr.func.value, count)
    return found if len(found) == count else []


def _may_be_tensor(frame: Frame, expr: nodes.Expr) -> bool:
    value = frame.world.settle(value_of(frame, expr))
    return isinstance(value, (Tensor, Unknown))


def is_at_an_argument(statement: nodes.Stmt, attached: nodes.Attached) -> bool:
    """Whether a comment within a call may speak of something else than the argument before it.

    An arrow that ends the line of a call's input: of the input, or of what the call makes of it. A shape at the end of
    a line with several arguments: of each of them.
    """
    if attached.about is None or attached.place is not nodes.Place.INSIDE:
        return False
    if _is_one_of_its_line(statement, attached.about):
        return True
    if attached.claim.role is Role.RESULT and not any(
        other.text == attached.text and other.claim.role in (Role.INPUT, Role.OPERAND)
        for other in statement.notes.claims
    ):
        return False
    link = value_expr(statement)
    while link is not None and link is not attached.about:
        if isinstance(link, nodes.Call) and link.args and link.args[0].value is attached.about:
            return True
        link = getattr(link.func if isinstance(link, nodes.Call) else link, "value", None)
    return False


def _is_one_of_its_line(statement: nodes.Stmt, about: nodes.Expr) -> bool:
    whole = value_expr(statement)
    for call in all_parts([whole] if whole is not None else []):
        values = [argument.value for argument in call.args] if isinstance(call, nodes.Call) else []
        if any(one is about for one in values):
            beside = [one for one in values if one is not about and not isinstance(one, nodes.Constant)]
            return any(one.at[0] == about.at[0] for one in beside)
    return False


def names_another(statement: nodes.Stmt, name: str) -> bool:
    """Whether a name that a comment over a statement gives may be none of the code's variables.

    It may be the keyword of an argument, `# row: (C, L)` over `make(row=x[i].T)`, or a word for what is asserted.
    """
    parts = list(all_parts(roots(statement)))
    for call in parts:
        for argument in call.args if isinstance(call, nodes.Call) else ():
            if argument.keyword == name and text_of(argument.value) != name:
                return True
    is_used = any(isinstance(part, nodes.Name) and part.id == name for part in parts)
    return _asserts(statement) and not is_used


def _asserts(statement: nodes.Stmt) -> bool:
    call = statement.value if isinstance(statement, nodes.Expression) else None
    if isinstance(call, nodes.Call):
        return text_of(call.func).rpartition(".")[2].startswith("assert")
    return isinstance(statement, nodes.Assert)


def links(frame: Frame, expr: nodes.Expr) -> list[nodes.Expr]:
    """The links of a chain of calls between its input and its result, in order."""
    return [link for link in inputs(frame, expr)[1:] if isinstance(link, (nodes.Call, nodes.Subscript, nodes.Binary))]


def made_within(frame: Frame, expr: nodes.Expr) -> list[nodes.Expr]:
    """What is made on the way through a chain of calls, in order: `a + b` of `(a + b).view(-1, n)`."""
    return [part for part in inputs(frame, expr) if isinstance(part, (nodes.Call, nodes.Subscript, nodes.Binary))]


def operands(frame: Frame, expr: nodes.Expr, count: int) -> list[nodes.Expr]:
    """The operands that a claim `(A) @ (B)` speaks of: those of the outermost operation on as many tensors.

    Where some of them are not known to be tensors, they are if the operation is a product, or the whole statement.
    """
    return _operands(frame, expr, count, tensor_in) or _operands(frame, expr, count, _may_be_tensor)


def _operands(
    frame: Frame, expr: nodes.Expr, count: int, is_one: Callable[[Frame, nodes.Expr], bool]
) -> list[nodes.Expr]:
    queue: list[nodes.Expr] = [expr]
    while queue:
        node = queue.pop(0)
        if isinstance(node, nodes.Binary):
            for flat in (_flattened(node, node.op, count), [node.left, node.right], _leaves(node)):
                whole = is_one is tensor_in or node.op == "@" or (node is expr and node.op == "*")
                if whole and len(flat) == count and all(is_one(frame, p) and _has_dims(frame, p) for p in flat):
                    return flat
            queue += [node.left, node.right]
        elif isinstance(node, nodes.Call):
            found = _arguments(frame, node, count, is_one)
            if found or _joins_what_is_not_known(frame, node):
                return found
            if isinstance(node.func, nodes.Attribute):
                queue.append(node.func.value)
            queue += [argument.value for argument in node.args]
        elif isinstance(node, nodes.Unary):
            queue.append(node.operand)
        elif isinstance(node, (nodes.Subscript, nodes.Attribute)):
            queue.append(node.value)
    return []


def products_within(frame: Frame, expr: nodes.Expr, count: int) -> Iterator[list[nodes.Expr]]:
    """The operands of each product of so many tensors that is somewhere within an expression."""
    for part in all_parts([expr]):
        if isinstance(part, nodes.Binary) and part.op == "@" and count == 2:
            yield [part.left, part.right]
        elif isinstance(part, nodes.Call) and (found := _arguments(frame, part, count, tensor_in)):
            yield found


def is_a_product(part: nodes.Expr) -> bool:
    """Whether an expression is a product of matrices, or a call that makes one tensor of several."""
    return (isinstance(part, nodes.Binary) and part.op == "@") or (isinstance(part, nodes.Call) and is_joining(part))


SPREADING = frozenset("expand expand_as broadcast_to repeat unsqueeze".split())


def before_spreading(expr: nodes.Expr) -> list[nodes.Expr]:
    """An operand, and where it is spread out over the other one, what it is before that: a comment may mean either."""
    found = [expr]
    while isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Attribute) and expr.func.attr in SPREADING:
        expr = expr.func.value
        found.append(expr)
    return found


def _joins_what_is_not_known(frame: Frame, node: nodes.Call) -> bool:
    """Whether a call joins tensors of which one is not known: the claim speaks of that one, not of what lies within."""
    given = (frame.world.settle(value_of(frame, argument.value)) for argument in node.args)
    return is_joining(node) and any(isinstance(value, Unknown) for value in given)


def is_joining(node: nodes.Call) -> bool:
    """Whether a call makes one tensor of several."""
    return (node.func.attr if isinstance(node.func, nodes.Attribute) else getattr(node.func, "id", "")) in JOINING


def _flattened(node: nodes.Expr, op: str, count: int) -> list[nodes.Expr]:
    if count > 2 and isinstance(node, nodes.Binary) and node.op == op:
        return [*_flattened(node.left, op, count - 1), node.right]
    return [node]


def _leaves(node: nodes.Expr) -> list[nodes.Expr]:
    """What an expression calculates with place by place, from the left: `a * b + c`."""
    if isinstance(node, nodes.Binary) and node.op in ("+", "-", "*", "/"):
        return [*_leaves(node.left), *_leaves(node.right)]
    return [node]


def _has_dims(frame: Frame, expr: nodes.Expr) -> bool:
    value = frame.world.settle(value_of(frame, expr))
    return not isinstance(value, Tensor) or not value.shape.known or value.rank > 0


def _arguments(
    frame: Frame, node: nodes.Call, count: int, is_one: Callable[[Frame, nodes.Expr], bool]
) -> list[nodes.Expr]:
    if not is_joining(node):
        return []
    parts: list[nodes.Expr] = []
    if isinstance(node.func, nodes.Attribute) and is_one(frame, node.func.value):
        parts.append(node.func.value)
    for argument in node.args:
        if isinstance(argument.value, nodes.Sequence):
            parts += [item for item in argument.value.items if is_one(frame, item)]
        elif is_one(frame, argument.value):
            parts.append(argument.value)
    if len(parts) == count + 1 and count > 1:  # what the product is added to
        name = node.func.attr if isinstance(node.func, nodes.Attribute) else ""
        parts = parts[1:] if name in _ADDED_TO_THE_FIRST else parts[:-1] if name == "dot" else parts
    return parts if len(parts) == count else []


_ADDED_TO_THE_FIRST = frozenset("addmm addbmm baddbmm".split())
"""Products that are added to what stands before their factors; `tl.dot(a, b, c)` is added to what stands behind."""


@contextmanager
def aside(frame: Frame) -> Iterator[None]:
    """Evaluate without any effect on the program, a call's being remembered included; `frame.seen` is another one."""
    machine, env, world, remembered = frame.machine, frame.env, frame.world, frame.machine.remembered
    recording, seen, guarded, supposed = frame.recording, frame.seen, frame.guarded, frame.supposed
    frame.env, machine.world, machine.remembered = dict(env), world.fork(), dict(remembered)
    frame.recording, frame.guarded, frame.seen = False, guarded + 1, {}
    try:
        yield
    finally:
        frame.env, machine.world, machine.remembered = env, world, remembered
        frame.recording, frame.seen, frame.guarded, frame.supposed = recording, seen, guarded, supposed


def evaluated_aside(frame: Frame, expr: nodes.Expr) -> Value:
    """What an expression that stands in a comment gives, without any effect on the program."""
    with aside(frame):
        return frame.world.settle(evaluate(frame, expr))
