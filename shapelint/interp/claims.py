"""Meeting the claims at a statement with the values that they speak of, and believing them where nothing is known."""

from __future__ import annotations

from dataclasses import replace

from shapelint.dims import Dim, const
from shapelint.interp.events import ClaimedShape, ClaimMet, DefinitionMet, Failed, Given
from shapelint.interp.ground import Ground, place_of
from shapelint.interp.iteration import items_of, keep_apart
from shapelint.interp.join import alternatives
from shapelint.interp.machine import Frame, Pending
from shapelint.interp.names import believed_shape, claimed, define, left_open, names_in, size_named
from shapelint.interp.rules import sources_of
from shapelint.interp.subjects import evaluated_aside, inputs, links, operands, targets_of, text_of, value_of
from shapelint.interp.values import SizesOf, Value, unknown
from shapelint.notation.model import Num, Rest, Role, ShapeSpec
from shapelint.ops.layout import is_contiguous
from shapelint.ops.needs import using
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.shapes import Run, Shape

_ZERO = const(0)
STATEMENTS_COVERED = 4  # how far below an own-line comment the value may stand that it speaks of
OWN_LINE = (Place.ABOVE, Place.FIRST, Place.BELOW)


def claims_before(frame: Frame, statement: nodes.Stmt) -> None:
    """What the comments over a statement say of values that are there before it; definitions are taken in."""
    notes = statement.notes
    frame.statement = statement
    if notes is nodes.NO_NOTES or not frame.recording:
        frame.seen = None
        return
    frame.seen = {}
    for attached_definition in notes.definitions:
        if attached_definition.place in OWN_LINE:
            take_definition(frame, attached_definition)
    written = targets_of(statement)
    for attached in notes.claims:
        if attached.subject is not None and attached.place in OWN_LINE and not _written(attached.subject, written):
            _meet_named(frame, attached, attached.subject)
    frame.mark = len(frame.failures)


def _meet_named(frame: Frame, attached: Attached, subject: nodes.Expr) -> None:
    """Meet a claim with what its subject stands for; a parameter that is still what the caller gave is an input."""
    value = evaluated_aside(frame, subject)
    name = subject.id if isinstance(subject, nodes.Name) else ""
    given = frame.letters.believed.get(name)
    unknown_yet = isinstance(value, Unknown) or (isinstance(value, Tensor) and not value.shape.known)
    is_input = given is not None and frame.env.get(name) is given and unknown_yet
    meet_value(frame, attached, value, text_of(subject), target=subject, is_input=is_input)
    if is_input:
        frame.letters.believed[name] = frame.env[name]


def _written(subject: nodes.Expr, written: set[str]) -> bool:
    return text_of(subject) in written


def take_definition(frame: Frame, attached: nodes.AttachedDefinition) -> None:
    """Take in a definition; where the code knows both its sides, it is a claim to be judged."""
    sides = define(frame, attached)
    if sides is not None:
        left, right, exact = sides
        frame.note(DefinitionMet(attached, left, right, exact, frame.world.facts, id(frame.evidence)))
    else:
        frame.note(DefinitionMet(attached, _ZERO, _ZERO, (), frame.world.facts, id(frame.evidence), defines=True))


def claims_after(frame: Frame, statement: nodes.Stmt, value: Value) -> Value:
    """What the comments say of a statement's value and of its parts; the value, perhaps believed."""
    notes = statement.notes
    if not frame.recording:
        return value
    if frame.pending:
        _offer(frame, statement, value)
    if notes is not nodes.NO_NOTES:
        frame.statement = statement
        for attached_definition in notes.definitions:
            if attached_definition.place not in OWN_LINE:
                take_definition(frame, attached_definition)
        for attached in notes.claims:
            value = _meet(frame, statement, attached, value)
    if isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        frame.previous = value
    return value


def _offer(frame: Frame, statement: nodes.Stmt, value: Value) -> None:
    """Offer a statement's value to the own-line claims above it, which may speak of it."""
    for pending in frame.pending:
        pending.left -= 1
        if pending.subject:
            if pending.subject in targets_of(statement) and pending.event.attached.subject is not None:
                pending.event.others.extend(givens_of(frame, evaluated_aside(frame, pending.event.attached.subject)))
        elif isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
            pending.event.others.extend(givens_of(frame, value))
    frame.pending = [pending for pending in frame.pending if pending.left > 0]


def _meet(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    claim = attached.claim
    if claim.role is Role.RAISES:
        _meet_error(frame, attached)
        return value
    if claim.role is Role.RESULT and attached.place is Place.FIRST and _follows_an_input(statement, attached):
        _unmet(frame, attached, "it may speak of what the function returns")
        return value
    if attached.subject is not None and not _before_and_after(statement, attached):
        if attached.place in OWN_LINE and not _written(attached.subject, targets_of(statement)):
            return value
        _meet_named(frame, attached, attached.subject)
        return value
    expr = _value_expr(statement)
    if claim.role in (Role.INPUT, Role.LINK, Role.OPERAND):
        _meet_parts(frame, attached, expr)
        return value
    if attached.about is not None:
        meet_value(frame, attached, value_of(frame, attached.about), text_of(attached.about))
        return value
    if not isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        _unmet(frame, attached, "the comment stands at no value")
        return value
    return _meet_result(frame, statement, attached, value)


def _follows_an_input(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment names the function's input first: `# x: (B, C) -> (B, D)`."""
    return any(
        other.text == attached.text and other.claim.role is Role.INPUT and other.subject is not None
        for other in statement.notes.claims
    )


def _before_and_after(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment says what the statement makes of its own target: `# x: (C,) -> (1, C)` at `x = x[None]`."""
    return (
        attached.claim.role is Role.INPUT
        and attached.subject is not None
        and _written(attached.subject, targets_of(statement))
        and any(o.text == attached.text and o.claim.role is Role.RESULT for o in statement.notes.claims)
    )


def _value_expr(statement: nodes.Stmt) -> nodes.Expr | None:
    if isinstance(statement, nodes.AugAssign):
        return nodes.Binary(statement.at, statement.op, statement.target, statement.value)
    return getattr(statement, "value", None)


def _meet_result(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    """A claim on the value of the statement, or on one or each of the targets that it is unpacked into."""
    claim = attached.claim
    target = statement.targets[0] if isinstance(statement, nodes.Assign) else None
    if isinstance(target, nodes.Sequence) and not _is_row_of_sizes(frame, value):
        parts = [part for part in target.items if not isinstance(part, nodes.Starred)]
        wanted = [p for p in parts if not (isinstance(p, nodes.Name) and p.id == "_")]
        if claim.count == len(parts) > 1:
            chosen = [parts[claim.index]]
        elif claim.count == len(wanted) > 1:
            chosen = [wanted[claim.index]]
        elif claim.count == 1:
            chosen = [part for part in wanted if _may_be_tensor(frame, part)] or wanted
        else:
            _unmet(frame, attached, f"{claim.count} shapes for {len(parts)} values")
            return value
        for number, part in enumerate(chosen):
            meet_value(frame, attached, evaluated_aside(frame, part), text_of(part), target=part, part=number)
        return value
    if claim.count > 1:
        items, _ = items_of(frame, value) if not isinstance(value, Tensor) else (None, None)
        if items is None or len(items) != claim.count:
            _unmet(frame, attached, f"{claim.count} shapes for one value")
            return value
        meet_value(frame, attached, items[claim.index], f"item {claim.index}")
        return value
    about = text_of(target) if target is not None else text_of(_value_expr(statement))
    if isinstance(statement, nodes.Return):
        about = "the result"
    if isinstance(statement, nodes.AugAssign):
        target, about = statement.target, text_of(statement.target)
    return meet_value(frame, attached, value, about, target=target)


def _may_be_tensor(frame: Frame, target: nodes.Expr) -> bool:
    """Whether what a target was bound to may be a tensor; a size, a row of sizes or a string is none."""
    value = evaluated_aside(frame, target)
    return any(isinstance(one, (Tensor, Unknown, SizesOf)) for one in alternatives(value))


def _is_row_of_sizes(frame: Frame, value: Value) -> bool:
    value = frame.world.settle(value)
    return isinstance(value, SizesOf) or (type(value) is tuple and all(isinstance(item, Dim) for item in value))


def _meet_parts(frame: Frame, attached: Attached, expr: nodes.Expr | None) -> None:
    """A claim on the input, an operand or a link of the statement's expression."""
    claim = attached.claim
    found: list[nodes.Expr] = []
    if expr is not None:
        if claim.role is Role.OPERAND:
            parts = operands(frame, expr, claim.count)
            found = parts[claim.index : claim.index + 1]
        else:
            found = inputs(frame, expr) if claim.role is Role.INPUT else links(frame, expr)
    if not found:
        _unmet(frame, attached, f"{claim.role.value} could not be found in the statement")
        return
    if len(found) == 1:
        bound_anew = frame.statement is not None and _written(found[0], targets_of(frame.statement))
        target = None if bound_anew else found[0]
        meet_value(frame, attached, value_of(frame, found[0]), text_of(found[0]), target=target)
        return
    candidates = [given for part in found for given in givens_of(frame, value_of(frame, part))]
    note_claim(frame, attached, candidates, claim.role.value, any_of=True)


def _meet_error(frame: Frame, attached: Attached) -> None:
    """A claim that the statement fails."""
    failures = [event for event in frame.failures[frame.mark :] if isinstance(event, Failed)]
    if frame.recording:
        expected = {id(event) for event in failures}
        frame.evidence.events[:] = [event for event in frame.evidence.events if id(event) not in expected]
    statement = frame.statement
    expr = _value_expr(statement) if statement is not None else None
    value = frame.world.settle(value_of(frame, expr)) if expr is not None else None
    if not failures and _may_lie_otherwise(frame):
        value = unknown("how the tensor lies in memory is not known")
    frame.note(
        ClaimMet(
            attached,
            text_of(expr),
            (),
            tuple(givens_of(frame, value)),
            frame.world.facts,
            id(frame.evidence),
            failure=failures[0] if failures else None,
            sources=sources_of(frame, expr) if expr is not None else (),
        )
    )


def _may_lie_otherwise(frame: Frame) -> bool:
    """Whether a tensor of the statement may lie in memory in a way that a view of it cannot."""
    values = (frame.world.settle(value) for value in (frame.seen or {}).values())
    return any(isinstance(value, Tensor) and value.layout is None for value in values)


def _unmet(frame: Frame, attached: Attached, why: str) -> None:
    note_claim(frame, attached, [Given(None, why_unknown=why)], "")


def meet_value(
    frame: Frame,
    attached: Attached,
    value: Value,
    about: str,
    *,
    target: nodes.Expr | None = None,
    part: int = 0,
    is_input: bool = False,
) -> Value:
    """Meet a claim with a value; a value of unknown shape has the claimed one from here on."""
    value = frame.world.settle(value)
    if attached.claim.tentative and not _counts(frame, attached, value):
        return value
    if attached.claim.role is Role.ELEMENT:
        items, element = items_of(frame, value) if not isinstance(value, Tensor) else (None, value)
        for number, item in enumerate(items or [element]):
            note_claim(frame, attached, givens_of(frame, item), about, part=number, is_input=is_input)
        return value
    givens = givens_of(frame, value, attached.claim.contiguous is not None)
    shapes = note_claim(frame, attached, givens, about, part=part, is_input=is_input)
    by_place_alone = attached.place in OWN_LINE and attached.subject is None
    open_shape = len(givens) == 1 and (givens[0].shape is None or not givens[0].shape.known)
    if open_shape and len(shapes) == 1 and not by_place_alone:
        shape = believed_shape(frame, shapes[0])
        if not is_input:
            own = [dim.size for dim in shapes[0].dims if dim.size is not None and (dim.fresh or dim.by_comments)]
            frame.letters.on_trust.update([shape], *(size.symbols for size in own))
        return believe(frame, value, shape, target)
    return value


def _is_on_trust(frame: Frame, shape: Shape | None) -> bool:
    """Whether a shape, or a size in it, is known from a comment alone."""
    trusted = frame.letters.on_trust
    return shape is not None and (
        shape in trusted or any(not trusted.isdisjoint(size.symbols) for size in (*shape.front, *shape.back))
    )


def _counts(frame: Frame, attached: Attached, value: Value) -> bool:
    """Whether a claim that is one only by its form counts: beside a tensor, its names known, its zeros explained."""
    if not isinstance(value, Tensor) or not value.shape.known:
        return False
    items = attached.claim.shapes[0].items
    names = [name for item in items for name in names_in(item)]
    if any(size_named(frame, name) is None for name in names):
        return False
    if not names and not all(size.value is not None for size in value.shape.dims):
        return False
    has_zero = any(isinstance(item, Num) and item.value == 0 for item in items)
    return not has_zero or any(frame.world.value_of(size) == 0 for size in value.shape.dims)


def believe(frame: Frame, value: Value, shape: Shape, target: nodes.Expr | None) -> Value:
    """Take it that a value of unknown shape has this one, and that the target stands for it."""
    for one in alternatives(value):
        if isinstance(one, Tensor) and one.shape.run is not None:
            lead, tail = len(one.shape.front), len(one.shape.back)
            inner = _within(shape, lead, tail)
            if inner is not None:
                frame.world.runs[one.shape.run] = inner
                for mine, said in [
                    *zip(one.shape.front, shape.front, strict=False),
                    *zip(reversed(one.shape.back), reversed(shape.back or shape.front), strict=False),
                ]:
                    extended = frame.world.facts.equal(mine, said)
                    if not extended.contradictory:
                        frame.world.facts = extended
            return frame.world.settle(value)
    if not isinstance(value, Unknown):
        return value
    tensor = Tensor(shape, None, device=place_of(value))
    if value.origin:
        frame.world.resolved[value] = tensor
    if isinstance(target, nodes.Name):
        frame.env[target.id] = tensor
        frame.lines[target.id] = target.at[0]
    return tensor


def _within(shape: Shape, lead: int, tail: int) -> Shape | None:
    """The shape without so many dims at its ends; None where they are not all seen there."""
    if shape.run is None:
        return Shape(shape.front[lead : shape.rank - tail]) if shape.rank >= lead + tail else None
    if len(shape.front) < lead or len(shape.back) < tail:
        return None
    return Shape(shape.front[lead:], shape.run, shape.back[: len(shape.back) - tail])


def givens_of(frame: Frame, value: Value, layout: bool = False) -> list[Given]:
    """What is known of a value as a tensor, an entry for each alternative that the code leaves open."""
    value = frame.world.settle(value)
    found = []
    for one in alternatives(value):
        one = frame.world.settle(one)
        if one is None and value is not None:
            continue
        if isinstance(one, Tensor):
            found.append(Given(one.shape, _contiguity(frame, one) if layout else None, _why(one)))
        elif isinstance(one, SizesOf):
            found.append(Given(frame.world.settle_shape(one.shape)))
        elif type(one) is tuple and one and all(isinstance(item, Dim) for item in one):
            found.append(Given(Shape(one)))
        elif isinstance(one, Unknown):
            found.append(Given(None, why_unknown=one.reason))
        else:
            found.append(Given(None, why_unknown="the value is no tensor"))
    return found or [Given(None, why_unknown="the value is no tensor")]


def _why(tensor: Tensor) -> str:
    return "" if tensor.shape.known else str(tensor.shape.not_known())


def _contiguity(frame: Frame, tensor: Tensor) -> bool | None:
    with using(Ground(frame.world)):
        return is_contiguous(tensor)


def note_claim(
    frame: Frame,
    attached: Attached,
    givens: list[Given],
    about: str,
    *,
    part: int = 0,
    is_input: bool = False,
    any_of: bool = False,
    doubt: str = "",
) -> list[ClaimedShape]:
    """Give the claim's names a meaning here and note what they are met with."""
    if not is_input and any(isinstance(event, Failed) for event in frame.failures[frame.mark :]):
        givens = [Given(None, why_unknown="the line cannot run")]
    single = givens[0] if len(givens) == 1 else None
    shapes = []
    for spec in attached.claim.shapes:
        definite = single.shape if single is not None else _in_common(spec, givens)
        alone = len(attached.claim.shapes) == 1 or single is None
        shapes.append(claimed(frame, spec, definite if alone or definite is None else _fitting(spec, definite)))
    is_docstring = attached.place is Place.DOCSTRING
    if len(shapes) == 1:
        for shape in shapes:
            place = ("docstring", _of_class(frame, attached)) if is_docstring else ("claim", attached.at)
            keep_apart(frame, [d.size for d in shape.dims if d.size is not None], place)
    givens = [
        given if given.shape is None else replace(given, shape=frame.world.settle_shape(given.shape))
        for given in givens
    ]
    if attached.place is Place.DOCSTRING and any(_is_on_trust(frame, given.shape) for given in givens):
        doubt = "the shape is what a comment says"
    if attached.claim.conditional:
        doubt = "it is said under a condition"
    statement = frame.statement
    expr = _value_expr(statement) if statement is not None and not is_input else None
    others: list[Given] = []
    if attached.place in OWN_LINE and not attached.apart and attached.subject is None and not is_input:
        before = givens_of(frame, frame.previous)
        others = [given for given in before if given.shape is not None]
    unknown = single is not None and (single.shape is None or not single.shape.known)
    event = ClaimMet(
        attached,
        about,
        tuple(shapes),
        tuple(givens),
        frame.world.facts,
        id(frame.evidence),
        is_input=is_input,
        believed=unknown,
        others=others,
        sources=sources_of(frame, expr) if expr is not None else (),
        part=part,
        any_of=any_of,
        doubt=doubt,
    )
    frame.note(event)
    if attached.place in OWN_LINE and not is_input:
        frame.pending.append(Pending(event, text_of(attached.subject), STATEMENTS_COVERED))
    return shapes


def _of_class(frame: Frame, attached: Attached) -> bool:
    """Whether a claim of a docstring stands in the class's: that one has names of its own."""
    return frame.cls is not None and any(attached is other for other in frame.cls.node.described.claims)


def _in_common(spec: ShapeSpec, givens: list[Given]) -> Shape | None:
    """What all alternatives of a value are that have as many dims as the claim: a size is unknown where they differ."""
    rest = next((i for i, item in enumerate(spec.items) if isinstance(item, Rest)), None)
    count = len(spec.items) - (rest is not None)
    shapes = [given.shape for given in givens if given.shape is not None]
    if rest is None:
        shapes = [shape for shape in shapes if shape.known and shape.rank == count]
        return _joined([shape.dims for shape in shapes], count, 0) if shapes else None
    shapes = [shape for shape in shapes if shape.run is not None or shape.rank >= count]
    if not shapes:
        return None
    tails = [shape.back if shape.run is not None else shape.front for shape in shapes]
    front = _joined([shape.front[:rest] for shape in shapes], rest, 0)
    back = _joined([tail[-(count - rest) :] if count > rest else () for tail in tails], count - rest, -1)
    return Shape(front.dims, Run.fresh(), back.dims)


def _joined(rows: list[tuple[Dim, ...]], count: int, end: int) -> Shape:
    """A size for each of `count` places, counted from the front (`end` 0) or the back: the one that all rows have."""
    sizes = []
    for place in range(count):
        at = place if end == 0 else place - count
        found = {row[at] if -len(row) <= at < len(row) else None for row in rows}
        only = found.pop() if len(found) == 1 else None
        sizes.append(only if only is not None else left_open())
    return Shape(tuple(sizes))


def _fitting(spec: object, shape: Shape) -> Shape | None:
    """The shape, where this alternative has as many dims; one that has not defines no letters."""
    count = len(getattr(spec, "items", ()))
    return shape if shape.known and shape.rank == count else Shape.of(*[1] * (count + 1))
