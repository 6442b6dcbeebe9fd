"""Taking a statement's input and operands for what its comment says of them, before the statement runs.

`x = x.transpose(1, 2)  # (B, T, C) -> (B, C, T)` tells the shape of an `x` of which nothing is known, and so what the
statement gives: the right of the arrow is held against the code, and not only believed.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.dims import Dim, symbol
from shapelint.interp.claims.believed import believe
from shapelint.interp.claims.claimed_parts import later_step_meant
from shapelint.interp.claims.claimed_shapes import believed_shape
from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.noted import note_claim
from shapelint.interp.claims.subjects import (
    arguments_in_order,
    aside,
    inputs,
    is_at_an_argument,
    is_joining,
    operands,
    value_of,
)
from shapelint.interp.objects.lookup import is_defined
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import Value
from shapelint.notation.model import Rest, Role, ShapeSpec
from shapelint.ops.needs import Context
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.written import bound_in, text_of, value_expr
from shapelint.shapes import Run, Shape


def suppose_inputs(frame: Frame, statement: nodes.Stmt) -> None:
    """Meet the claims on a statement's input and operands of which the shape is not known, and believe them."""
    if not isinstance(statement, (nodes.Assign, nodes.Expression, nodes.Return)) or statement.value is None:
        return
    said = [
        attached
        for attached in statement.notes.claims
        if _speaks_of_a_part(frame, statement, attached) and not is_at_an_argument(statement, attached)
    ]
    if not said:
        return
    parts: list[tuple[Attached, nodes.Expr, Value]] = []
    with aside(frame):
        tensors = [(name, one.shape) for name, one in frame.env.items() if isinstance(one, Tensor)]
        ranked = {name for name, shape in tensors if frame.world.settle_shape(shape).known}
        evaluate(frame, statement.value)
        for attached in said:
            part = _part(frame, attached, attached.about or statement.value)
            if part is None or any(part is other for _, other, _ in parts):
                continue
            told_here = isinstance(part, nodes.Name) and part.id not in ranked
            if _is_open(frame, part, attached, told_here):
                parts.append((attached, part, frame.world.settle(value_of(frame, part))))
    if parts and _may_run(frame, statement, parts):
        for attached, part, value in parts:
            _suppose(frame, attached, part, _value_before(frame, part, value))


def is_as_given(frame: Frame, name: str) -> bool:
    """Whether a name still stands for what a caller gave to the function that is judged."""
    value = frame.env.get(name)
    return any(one is value for one in frame.given.get(name, ()))


def _speaks_of_a_part(frame: Frame, statement: nodes.Stmt, attached: Attached) -> bool:
    claim = attached.claim
    of_part = claim.role in (Role.INPUT, Role.OPERAND)
    if attached.subject is not None and not is_a_label(frame, statement, attached):
        return False
    return of_part and len(claim.shapes) == 1 and not claim.tentative and not claim.conditional


def is_a_label(frame: Frame, statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the name that a comment begins with is none of the code's, and says what the statement's value is called.

    `# h: (F, C) x (C,) -> (F,)`, or `y = f(x)  # features: (B, T)`.
    """
    subject = attached.subject
    if not isinstance(subject, nodes.Name) or is_defined(frame, subject.id) or isinstance(statement, nodes.If):
        return False
    node = frame.function.node if frame.function is not None else None
    if isinstance(node, nodes.Function) and subject.id in bound_in(node):
        return False
    if parameter_meant(frame, attached) is not None:
        return False
    of_arrow = (Role.INPUT, Role.OPERAND)
    if any(other.text == attached.text and other.claim.role in of_arrow for other in statement.notes.claims):
        return True
    is_alone = sum(other.text == attached.text for other in statement.notes.claims) == 1
    return is_alone and attached.claim.role is Role.RESULT and _gives_one_value(statement)


def parameter_meant(frame: Frame, attached: Attached) -> nodes.Param | None:
    """The parameter that a function's first comments call by a part of its name: `spec` of `feat_spec`.

    In a list of what is given it may be one of `**kwargs`.
    """
    node = frame.function.node if frame.function is not None else None
    name = attached.subject.id if isinstance(attached.subject, nodes.Name) else ""
    if not isinstance(node, nodes.Function) or attached.place is not Place.FIRST or not name:
        return None
    if attached.claim.role is not Role.RESULT or name in bound_in(node):
        return None
    meant = [one for one in node.params if one.name.endswith(f"_{name}") and is_as_given(frame, one.name)]
    if len(name) >= SHORTEST_PART and len(meant) == 1:
        return meant[0]
    told = frame.statement.notes.claims if frame.statement is not None else ()
    named = {one.subject.id for one in told if one.place is Place.FIRST and isinstance(one.subject, nodes.Name)}
    strange = named - bound_in(node) - {one.name for one in node.params}  # one alone may be what the function gives
    rest = next((one for one in node.params if one.kind == "kwargs"), None)
    return rest if not meant and len(strange) > 1 else None


SHORTEST_PART = 3
"""The letters of a part of a name that stands for the whole."""


def _gives_one_value(statement: nodes.Stmt) -> bool:
    """Whether a statement gives one name a value, or returns one."""
    if isinstance(statement, nodes.Assign):
        return len(statement.targets) == 1 and not isinstance(statement.targets[0], nodes.Sequence)
    return isinstance(statement, nodes.Return) and not isinstance(statement.value, nodes.Sequence)


def _part(frame: Frame, attached: Attached, expr: nodes.Expr) -> nodes.Expr | None:
    """The expression of which a claim speaks: the innermost one that may be the input."""
    claim = attached.claim
    if claim.role is Role.OPERAND:
        parts = operands(frame, expr, claim.count)[claim.index : claim.index + 1]
    elif claim.count > 1:
        parts = arguments_in_order(frame, expr, claim.count)[claim.index : claim.index + 1]
    else:
        parts = inputs(frame, expr)
        if parts and isinstance(parts[0], nodes.Call) and is_joining(parts[0]):
            return None  # what it joins may be meant
    return parts[0] if parts else None


def _is_open(frame: Frame, part: nodes.Expr, attached: Attached, told_here: bool) -> bool:
    """Whether nothing but the number of its dims, at most, is known of a part, which the statement itself may tell.

    If that is not the number that is said, another part may be meant. Of a name of which only this statement tells how
    many dims it has, a size that was asked for before may be known.
    """
    value = frame.world.settle(value_of(frame, part))
    if isinstance(value, Tensor) and value.shape.known:
        spec = attached.claim.shapes[0]
        if value.rank != len(spec.items) and not _is_open_spec(spec):
            return False
        nameless = [size.as_symbol is not None and size.as_symbol.name == "_" for size in value.shape]
        return any(nameless) and (told_here or all(nameless))
    return isinstance(value, (Tensor, Unknown))


def _may_run(frame: Frame, statement: nodes.Stmt, parts: Sequence[tuple[Attached, nodes.Expr, Value]]) -> bool:
    """Whether the statement runs on so many dims, and gives as many as the comment says.

    What does not may speak of another part of the statement, or of several statements.
    """
    expr = value_expr(statement)
    assert expr is not None
    with aside(frame):
        frame.supposed = {}
        for attached, part, value in parts:
            _take(frame, part, _value_before(frame, part, value), _of_its_rank(attached))
        failures = frame.passed_over
        result = frame.world.settle(evaluate(frame, expr))
        if frame.passed_over > failures:
            return False
        texts = {attached.text for attached, _, _ in parts}
        results = [o.claim for o in statement.notes.claims if o.text in texts and o.claim.role is Role.RESULT]
        if isinstance(result, (Dim, str, bool, float)) and results:
            return False
        wholes = [(attached, attached.about or expr) for attached, _, _ in parts if attached.claim.role is Role.INPUT]
        if any(later_step_meant(frame, one, whole, inputs(frame, whole)) is not None for one, whole in wholes):
            return False
        if not isinstance(result, Tensor) or not result.shape.known:
            return not any(_is_made_of_another_rank(frame, expr, part) for _, part, _ in parts)
        ranks = {len(spec.items) for claim in results for spec in claim.shapes if not _is_open_spec(spec)}
        return not ranks or result.rank in ranks


def _is_made_of_another_rank(frame: Frame, expr: nodes.Expr, part: nodes.Expr) -> bool:
    """Whether the first step from a part on only changes how many dims it has: `f(x.unsqueeze(1))`, `f(x[at])`, which
    may be meant as well where nothing is known of what comes out."""
    steps = inputs(frame, expr)
    first = steps[1] if len(steps) > 1 and steps[0] is part else None
    if isinstance(first, nodes.Subscript) and first is not expr:
        return _is_of_unknown_rank(frame.world.settle(value_of(frame, first.index)))
    func = first.func if isinstance(first, nodes.Call) else None
    return isinstance(func, nodes.Attribute) and func.value is part and func.attr in ("unsqueeze", "squeeze")


def _is_of_unknown_rank(index: Value) -> bool:
    return isinstance(index, Unknown) or (isinstance(index, Tensor) and not index.shape.known)


def _is_open_spec(spec: ShapeSpec) -> bool:
    return any(isinstance(item, Rest) for item in spec.items)


def _of_its_rank(attached: Attached) -> Shape:
    """A shape of as many dims as a claim has, of which no size is known."""
    items = attached.claim.shapes[0].items
    sizes = [symbol("_", scope=next(Context.serial), free=True) for _ in items]
    at = next((place for place, item in enumerate(items) if isinstance(item, Rest)), None)
    return Shape(tuple(sizes)) if at is None else Shape(tuple(sizes[:at]), Run.fresh(), tuple(sizes[at + 1 :]))


def _value_before(frame: Frame, part: nodes.Expr, value: Value) -> Value:
    """What a part of the statement stands for before it runs, where it is a name; else its value."""
    known = frame.env.get(part.id) if isinstance(part, nodes.Name) else None
    return value if known is None else frame.world.settle(known)


def _take(frame: Frame, part: nodes.Expr, value: Value, shape: Shape) -> None:
    """Take a part of the statement for a tensor of this shape: what a name stands for from here on."""
    if isinstance(part, nodes.Name) and part.id in frame.env:
        line = frame.lines.get(part.id)
        believe(frame, value, shape, part)
        if line is not None:
            frame.lines[part.id] = line
        return
    frame.supposed[id(part)] = Tensor(shape, None)


def _suppose(frame: Frame, attached: Attached, part: nodes.Expr, value: Value) -> None:
    is_input = isinstance(part, nodes.Name) and is_as_given(frame, part.id)
    shapes = note_claim(frame, attached, givens_of(frame, value), text_of(part), is_input=is_input)
    frame.met_before.add(id(attached))
    if frame.may_believe(attached):
        _take(frame, part, value, believed_shape(frame, shapes[0], given=is_input))
        if is_input and isinstance(part, nodes.Name):
            frame.given[part.id].append(frame.env[part.id])
