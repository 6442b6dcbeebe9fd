"""What own-line comments may speak of further down than the statement below them: what the next ones make."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.interp.claims.claimed_parts import NOT_FOUND, meet_parts
from shapelint.interp.claims.claimed_results import has_input, is_row_of_sizes
from shapelint.interp.claims.givens import NO_TENSOR, givens_of
from shapelint.interp.claims.names import forget_letters
from shapelint.interp.claims.noted import note_claim, regroups
from shapelint.interp.claims.subjects import (
    arguments_in_order,
    evaluated_aside,
    inputs,
    made_within,
    operands,
    value_of,
)
from shapelint.interp.state.events import ClaimMet, Given
from shapelint.interp.state.letters import Pending
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value
from shapelint.notation.model import Rest, Role
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached
from shapelint.program.written import targets_of, text_of, value_expr

FURTHER_DOWN = "it may speak of one of several statements"


def offer(frame: Frame, statement: nodes.Stmt, value: Value) -> None:
    """Offer a statement's value to the own-line claims above it, which may speak of it."""
    for pending in frame.pending:
        if pending.above is not None and statement.at[1] < pending.above.at[1]:
            pending.above = None  # its block has ended
    met = [pending for pending in frame.pending if _is_met_here(frame, pending, statement, value)]
    for pending in met:
        _meet_here(frame, pending, statement, value)
    frame.pending = [pending for pending in frame.pending if not any(pending is one for one in met)]
    for pending in frame.pending:
        pending.left -= 1
        if pending.subject:
            if pending.subject in targets_of(statement) and pending.event.attached.subject is not None:
                pending.event.others.extend(givens_of(frame, evaluated_aside(frame, pending.event.attached.subject)))
            elif _is_named_after(pending.subject, statement):
                pending.event.others.extend(givens_of(frame, value))
        elif isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
            pending.event.others.extend(givens_of(frame, value))
            expr = value_expr(statement)
            parts = inputs(frame, expr) if expr is not None and pending.event.attached.claim.role is Role.INPUT else []
            parts += made_within(frame, expr) if expr is not None and regroups(expr) else []
            for part in parts:
                pending.event.others.extend(givens_of(frame, value_of(frame, part)))
    frame.pending = [pending for pending in frame.pending if pending.left > 0]


def _is_named_after(subject: str, statement: nodes.Stmt) -> bool:
    """Whether a statement makes something that goes by the subject's name and more: `# x: ...` over `x_expanded = ...`.

    What is said over it by the name of what it is made from may be said of what is made.
    """
    return any(f"_{subject}_" in f"_{target}_" and target != subject for target in targets_of(statement))


def _is_met_here(frame: Frame, pending: Pending, statement: nodes.Stmt, value: Value) -> bool:
    """Whether a comment cannot speak of the statement below it, and may of this one, which goes on with it.

    That has another number of dims than is said, and is bound anew here, `# (b, n)` over `i = arange(b * n)` and
    `i = i.reshape(b, n)`, or it is no tensor: `b, t = x.shape` under `# (b, t, d) -> (b, h, t, k)`.
    """
    event, attached = pending.event, pending.event.attached
    is_plain = attached.subject is None and attached.about is None
    if not is_plain or pending.above is None or event.attached.claim.conditional:
        return False
    is_in_a_row = statement.at[1] == pending.above.at[1]  # not within what comes perhaps, or again
    if not is_in_a_row or any(one.place in OWN_LINE for one in statement.notes.claims):
        return False
    if not isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Return)):
        return False
    expr = value_expr(statement)
    if attached.claim.count > 1:
        is_missing = expr is not None and _is_missing(event) and not _is_met_elsewhere(frame, event)
        return is_missing and expr is not None and bool(_parts_of(frame, attached, expr))
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    if any(isinstance(item, Rest) for spec in attached.claim.shapes for item in spec.items):
        return False
    if attached.claim.role is Role.INPUT:
        over = pending.above.notes.claims
        leads_on = any(one.text == attached.text and one.claim.role is Role.RESULT for one in over)
        return leads_on and _is_missing(event) and expr is not None and bool(inputs(frame, expr))
    if attached.claim.role is not Role.RESULT:
        return False
    goes_on = not targets_of(pending.above).isdisjoint(targets_of(statement))
    is_other = all(_is_of_another_rank(given, ranks) for given in event.given)
    is_missing = all(given.shape is None and given.why_unknown == NO_TENSOR for given in event.given)
    made = [given.shape for given in givens_of(frame, value)]
    fits = len(made) == 1 and made[0] is not None and made[0].known and made[0].rank in ranks
    return fits and (is_missing or (goes_on and is_other))


def _is_missing(event: ClaimMet) -> bool:
    """Whether the statement below a comment has no part of which that could speak."""
    return all(given.why_unknown.endswith(NOT_FOUND) for given in event.given)


def _is_met_elsewhere(frame: Frame, event: ClaimMet) -> bool:
    """Whether what a comment over a branch tells was met in another way of it."""
    met = (one for one in frame.evidence.events if isinstance(one, ClaimMet) and one.attached is event.attached)
    return any(one is not event for one in met)


def _parts_of(frame: Frame, attached: Attached, expr: nodes.Expr) -> list[nodes.Expr]:
    """The parts of an expression of which a comment that tells of several of them speaks."""
    count = attached.claim.count
    if attached.claim.role is Role.OPERAND:
        return operands(frame, expr, count)
    return arguments_in_order(frame, expr, count) if attached.claim.role is Role.INPUT else []


def _is_of_another_rank(given: Given, ranks: set[int]) -> bool:
    return given.shape is not None and given.shape.known and given.shape.rank not in ranks


def _meet_here(frame: Frame, pending: Pending, statement: nodes.Stmt, value: Value) -> None:
    """Meet a comment with what this statement makes, or takes, in the place of what was met before."""
    event, expr = pending.event, value_expr(statement)
    frame.evidence.events[:] = [one for one in frame.evidence.events if one is not event]
    _forget_its_letters(frame, event)
    before, letters = len(frame.evidence.events), dict(frame.letters.bound)
    if event.attached.claim.role in (Role.INPUT, Role.OPERAND):
        frame.doubted.add(id(event.attached))
        meet_parts(frame, event.attached, expr)
    else:
        note_claim(frame, event.attached, givens_of(frame, value), text_of(expr), doubt=FURTHER_DOWN)
    for one in frame.evidence.events[before:]:
        if isinstance(one, ClaimMet) and one.attached is event.attached:
            one.others.extend(event.others)
            if not all(given.shape is not None and given.shape.known for given in one.given):
                forget_letters(frame, letters)  # nothing tells what they stand for


def _forget_its_letters(frame: Frame, event: ClaimMet) -> None:
    """Forget the letters that a claim was the first to use, unless another one has used them since."""
    others = [one for one in frame.evidence.events if isinstance(one, ClaimMet)]
    used: set[Dim | None] = {dim.size for one in others for shape in one.alternatives for dim in shape.dims}
    for dim in (dim for shape in event.alternatives for dim in shape.dims):
        if dim.fresh is not None and dim.size not in used and frame.letters.bound.get(dim.fresh) is dim.size:
            del frame.letters.bound[dim.fresh]


def takes_sizes_alone(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Whether an arrow stands over a statement that only names sizes, `b, d, t = x.shape`, for what comes below it."""
    target = statement.targets[0] if isinstance(statement, nodes.Assign) else None
    is_over_names = isinstance(target, nodes.Sequence) and is_row_of_sizes(frame, value)
    return is_over_names and attached.claim.role is Role.RESULT and has_input(statement, attached)
