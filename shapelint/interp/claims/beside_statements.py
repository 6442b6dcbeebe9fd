"""The ways in which a claim beside a statement is met: each says whether it is the one, and then has met it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from shapelint.dims import Dim, symbol
from shapelint.interp.claims.claimed_parts import is_of_the_next_step, meet_parts
from shapelint.interp.claims.claimed_results import lists_targets, meet_result
from shapelint.interp.claims.claimed_values import givens_beside, meet_value
from shapelint.interp.claims.further_down import takes_sizes_alone
from shapelint.interp.claims.givens import NO_TENSOR, givens_of
from shapelint.interp.claims.named_subjects import called_as, meet_named, names_what_goes_in
from shapelint.interp.claims.names import forget_letters
from shapelint.interp.claims.noted import is_a_step, note_claim, unmet
from shapelint.interp.claims.spoken_of import (
    OF_WHAT_IS_MADE,
    before_and_after,
    follows_an_input,
    given_a_dim,
    is_a_key,
    is_a_step_within,
    is_field,
    is_of_a_case,
    is_of_another_case,
    is_of_another_layer,
    is_of_several_statements,
    is_of_the_whole,
    is_one_of_several_ways,
    is_returned,
    is_told_otherwise_beside,
    is_what_is_made_of_it,
    last_argument_beside,
    local_meant,
    names_the_places,
    opens_a_list,
    opens_the_statement,
    tells_of_a_case,
    tells_the_return,
    tells_use_of_numbers,
    without_unsqueeze,
)
from shapelint.interp.claims.subjects import evaluated_aside, inputs, is_at_an_argument, value_of
from shapelint.interp.claims.supposed import is_a_label
from shapelint.interp.objects.rules import sources_of
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.asked import asked_for_its_shape, asserted_by, asserted_rank, counted_row
from shapelint.interp.state.events import ClaimMet, Failed, Given
from shapelint.interp.state.ground import size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value, unknown
from shapelint.notation.model import Role
from shapelint.ops.needs import Context
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.written import targets_of, text_of, value_expr
from shapelint.shapes import Shape

Way: TypeAlias = Callable[[Frame, nodes.Stmt, Attached, Value], bool]


def meet_beside(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    """Meet a claim with what it speaks of, in the first way that fits it; what the statement gave, perhaps believed."""
    if any(way(frame, statement, attached, value) for way in _OF_NO_VALUE_HERE):
        return value
    if _may_mean_another(frame, statement, attached, value):
        frame.doubted.add(id(attached))
    if any(way(frame, statement, attached, value) for way in _OF_WHAT_IS_HERE):
        return value
    return meet_result(frame, statement, attached, value)


def _raises(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    if attached.claim.role is not Role.RAISES:
        return False
    _meet_error(frame, attached)
    return True


def _of_what_is_returned(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    is_result = attached.claim.role is Role.RESULT
    after_an_input = is_result and attached.place is Place.FIRST and follows_an_input(statement, attached)
    over_another = not isinstance(statement, nodes.Return) and attached.place in OWN_LINE
    if not after_an_input and not (over_another and tells_the_return(attached)):
        return False
    node = frame.function.node if frame.function is not None else None
    if not after_an_input and isinstance(node, nodes.Function) and is_returned(node, statement):
        return False
    unmet(frame, attached, "it may speak of what the function returns")
    return True


def _of_a_field(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Of what an instance is made with, which is an input; a module sets its attributes itself."""
    if frame.function is not None or frame.cls is None or not is_field(statement):
        return False
    letters = dict(frame.letters.bound)
    given = Given(None, why_unknown="it is said of a field, of which the value here is but the default")
    note_claim(frame, attached, [given], "", is_input=not frame.cls.is_module)
    forget_letters(frame, letters)
    return True


def _of_one_of_several(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    if is_of_a_case(statement, attached) or is_of_another_case(frame, statement, attached, value):
        unmet(frame, attached, "it is said of one of several cases")
    elif is_a_step_within(statement, attached):
        unmet(frame, attached, "it may speak of one of several steps")
    elif is_of_another_layer(frame, statement, attached):
        unmet(frame, attached, "it may speak of another layer")
    else:
        return False
    return True


def _may_mean_another(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Whether a claim that does not fit may be meant of something else."""
    leads_on = attached.claim.role is Role.RESULT and is_of_the_next_step(frame, attached, value, value_expr(statement))
    return (
        leads_on
        or is_a_label(frame, statement, attached)
        or is_at_an_argument(statement, attached)
        or tells_of_a_case(statement, attached)
        or is_what_is_made_of_it(statement, attached)
        or names_what_goes_in(frame, statement, attached, value)
        or is_one_of_several_ways(statement, attached)
        or is_of_the_whole(attached)
    )


def _of_its_subject(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Of what it begins with: `x: (B, C)`."""
    subject = attached.subject
    if subject is None or is_a_label(frame, statement, attached):
        return False
    if not isinstance(statement, nodes.If) and before_and_after(statement, attached):
        return False
    if is_a_key(statement, attached):
        unmet(frame, attached, "it may speak of what stands under this key")
        return True
    if (call := called_as(statement, subject)) is not None and isinstance(call.func, nodes.Attribute):
        part = call.func.value if attached.claim.role is Role.INPUT else call
        meet_value(frame, attached, value_of(frame, part), text_of(part))
        return True
    is_met = not isinstance(statement, nodes.If) and text_of(subject) not in targets_of(statement)
    if attached.place not in OWN_LINE or not is_met:
        meet_named(frame, attached, subject)
    return True


def _of_what_gets_a_dim(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Behind an arrow: of what the name before that is used as, `# x: (B, D) -> (B, D, 1)` over `a @ x[..., None]`, or
    of what the statement gives."""
    named = [
        other.subject
        for other in statement.notes.claims
        if other.text == attached.text and other.claim.role is Role.INPUT and other.subject is not None
    ]
    if attached.claim.role is not Role.RESULT or attached.subject is not None or len(named) != 1:
        return False
    part = given_a_dim(statement, named[0])
    if part is None or text_of(named[0]) in targets_of(statement):
        return False
    _meet_either(frame, attached, [value, value_of(frame, part)], part)
    return True


def _of_a_local(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    local = local_meant(frame, statement, attached)
    if local is None:
        return False
    meet_named(frame, attached, local)
    return True


def _of_the_value_above(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Of what the statement above gave, as the only line of its own; below `x[i] = y` of what is put there, or `x`."""
    claim = attached.claim
    is_told = isinstance(statement, nodes.Comment) and statement.of_value
    if not is_told or claim.role is not Role.RESULT or claim.count != 1:
        return False
    if is_a_step(frame, attached):  # of what the statement above goes through
        frame.doubted.add(id(attached))
    if frame.previous_whole is None:
        meet_value(frame, attached, frame.previous, "the value above")
    else:
        whole = evaluated_aside(frame, frame.previous_whole)
        _meet_either(frame, attached, [frame.previous, whole], frame.previous_whole)
    return True


def _over_what_is_told_beside(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Over a statement of which the comment beside it tells another shape: of what goes into that, or of the same."""
    expr = value_expr(statement)
    if expr is None or not is_told_otherwise_beside(statement, attached):
        return False
    _meet_either(frame, attached, [value, *(value_of(frame, part) for part in inputs(frame, expr))], expr)
    return True


def _of_a_part(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Of an input, an operand or a link of the statement's expression."""
    if attached.claim.role not in (Role.INPUT, Role.LINK, Role.OPERAND):
        return False
    if attached.claim.role is Role.INPUT and lists_targets(statement, attached):
        unmet(frame, attached, "it names what the shape behind it is said of")
    else:
        meet_parts(frame, attached, attached.about or value_expr(statement))
    return True


def _of_an_argument(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Of the part of a statement that stands on the comment's line."""
    about, claim = attached.about, attached.claim
    if about is None:
        return False
    if attached.or_about is not None and not _may_have_given_a_tensor(frame, about):
        about = attached.or_about
    whole = without_unsqueeze(about)
    if names_the_places(about, attached):
        unmet(frame, attached, "it may tell what stands at the places of the index")
    elif tells_use_of_numbers(about, claim):
        unmet(frame, attached, OF_WHAT_IS_MADE)
    elif opens_the_statement(statement, attached) or opens_a_list(statement, attached):
        # `a = draw(f(x),  # (B,)`: of the argument, or of `a`
        either = [*givens_of(frame, value), *givens_beside(frame, attached, value_of(frame, about))]
        note_claim(frame, attached, either, text_of(about), any_of=True)
    elif whole is not about and claim.role is Role.RESULT and claim.count == 1:  # `f(x.unsqueeze(0),  # (C, H, W)`
        _meet_either(frame, attached, [value_of(frame, about), value_of(frame, whole)], about)
    else:
        meet_value(frame, attached, value_of(frame, about), text_of(about))
    return True


def _of_what_is_asserted(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Of what is asked for its shape: `assert x.dim() == 3  # (B, T, D)`, `assert len(sizes) == 3  # (C, H, W)`."""
    asserted = asserted_by(statement) if attached.place not in OWN_LINE and attached.claim.count == 1 else []
    if not asserted:
        return False
    asked = {text_of(one): one for part in asserted for one in asked_for_its_shape(part)}
    if len(asked) == 1:
        of = next(iter(asked.values()))
        if _agrees_with_the_assertion_alone(frame, statement, attached, of):
            unmet(frame, attached, "what is asserted here is not so by what is known")
        else:
            meet_named(frame, attached, of)
        return True
    counted = counted_row(asserted[0])
    if counted is None or attached.claim.role is not Role.RESULT:
        return False
    row, count = counted
    note_claim(frame, attached, _of_so_many(frame, evaluated_aside(frame, row), count), text_of(row))
    return True


def _over_what_gives_nothing(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    if isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        return False
    meet_above(frame, attached)
    return True


def _of_several_statements(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    expr = value_expr(statement)
    if not is_of_several_statements(frame, statement, attached, expr):
        return False
    note_claim(frame, attached, givens_of(frame, value), text_of(expr), doubt="it may speak of several statements")
    return True


def _of_its_last_argument(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    last = last_argument_beside(statement, attached, value_expr(statement))
    if last is None:
        return False
    _meet_either(frame, attached, [value, value_of(frame, last)], last)
    return True


def _over_sizes(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    if attached.place not in OWN_LINE or not takes_sizes_alone(frame, statement, attached, value):
        return False
    unmet(frame, attached, NO_TENSOR)
    return True


_OF_NO_VALUE_HERE: tuple[Way, ...] = (_raises, _of_what_is_returned, _of_a_field, _of_one_of_several)
_OF_WHAT_IS_HERE: tuple[Way, ...] = (
    _of_its_subject,
    _of_what_gets_a_dim,
    _of_a_local,
    _of_the_value_above,
    _over_what_is_told_beside,
    _of_a_part,
    _of_an_argument,
    _of_what_is_asserted,
    _over_what_gives_nothing,
    _of_several_statements,
    _of_its_last_argument,
    _over_sizes,
)


def meet_above(frame: Frame, attached: Attached) -> None:
    """Meet a comment over a statement that gives no value with the value above: it may speak of that."""
    frame.doubted.add(id(attached))
    is_own_line = attached.place in OWN_LINE and attached.subject is None and not attached.apart
    above = frame.world.settle(frame.previous)
    if not is_own_line or attached.claim.role is not Role.RESULT or not isinstance(above, Tensor):
        unmet(frame, attached, "the comment stands at no value")
    else:
        meet_value(frame, attached, frame.previous, "the value above")


def _meet_either(frame: Frame, attached: Attached, values: Sequence[Value], expr: nodes.Expr) -> None:
    """Meet a claim that may speak of any of these values."""
    note_claim(
        frame, attached, [one for value in values for one in givens_of(frame, value)], text_of(expr), any_of=True
    )


def _may_have_given_a_tensor(frame: Frame, expr: nodes.Expr) -> bool:
    """Whether what a part of the statement gave may be a tensor."""
    return any(isinstance(one, (Tensor, Unknown)) for one in alternatives(frame.world.settle(value_of(frame, expr))))


def _agrees_with_the_assertion_alone(frame: Frame, statement: nodes.Stmt, attached: Attached, expr: nodes.Expr) -> bool:
    """Whether a shape has as many dims as is asserted beside it, where what is known of the value tells of others."""
    rank = asserted_rank(statement)
    if rank is None or any(len(spec.items) != rank for spec in attached.claim.shapes):
        return False
    shapes = [given.shape for given in givens_of(frame, evaluated_aside(frame, expr))]
    return all(shape is not None and shape.known and shape.rank != rank for shape in shapes)


def _of_so_many(frame: Frame, row: Value, count: int) -> list[Given]:
    """A row of sizes that is asserted to hold so many, of which each goes by its place in the row."""
    if not isinstance(row, Unknown) or not row.origin:
        return givens_of(frame, row) if not isinstance(row, Unknown) else [Given(Shape(_new_sizes(count)))]
    sizes = [size_of(frame.world, row.part(f"[{place}]")) for place in range(count)]
    known = tuple(size for size in sizes if size is not None)
    return [Given(Shape(known if len(known) == count else _new_sizes(count)))]


def _new_sizes(count: int) -> tuple[Dim, ...]:
    return tuple(symbol("_", scope=next(Context.serial), free=True, minimum=1) for _ in range(count))


def _meet_error(frame: Frame, attached: Attached) -> None:
    """A claim that the statement fails."""
    failures = [event for event in frame.failures[frame.mark :] if isinstance(event, Failed)]
    if frame.recording:
        expected = {id(event) for event in failures}
        frame.evidence.events[:] = [event for event in frame.evidence.events if id(event) not in expected]
    statement = frame.statement
    expr = value_expr(statement) if statement is not None else None
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
            failure=failures[0] if failures else None,
            sources=sources_of(frame, expr) if expr is not None else (),
        )
    )


def _may_lie_otherwise(frame: Frame) -> bool:
    """Whether a tensor of the statement may lie in memory in a way that a view of it cannot."""
    values = (frame.world.settle(value) for value in (frame.seen or {}).values())
    return any(isinstance(value, Tensor) and value.layout is None for value in values)
