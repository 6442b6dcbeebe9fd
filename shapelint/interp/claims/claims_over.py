"""What the comments over a statement say before it runs, of values that are there and of the first one within."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shapelint.interp.claims.at_statements import take_definition
from shapelint.interp.claims.beside_statements import meet_above
from shapelint.interp.claims.headed import waits_for_the_end
from shapelint.interp.claims.named_subjects import called_as, item_meant, meet_named
from shapelint.interp.claims.noted import unmet
from shapelint.interp.claims.spoken_of import follows_an_input, is_of_a_case
from shapelint.interp.claims.subjects import evaluated_aside, names_another
from shapelint.interp.claims.supposed import is_a_label, is_as_given, parameter_meant, suppose_inputs
from shapelint.interp.objects.lookup import is_defined
from shapelint.interp.state.events import ClaimMet
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value
from shapelint.notation.model import Role
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.written import targets_of, text_of


def claims_before(frame: Frame, statement: nodes.Stmt) -> None:
    """What the comments over a statement say of values that are there before it; definitions are taken in."""
    notes = statement.notes
    frame.statement = statement
    frame.supposed, frame.met_before, frame.rebound = {}, set(), {}
    if notes is nodes.NO_NOTES or not frame.recording:
        frame.seen = {} if frame.recording and frame.pending else None
        return
    frame.seen = {}
    for attached_definition in notes.definitions:
        if attached_definition.place in OWN_LINE:
            take_definition(frame, attached_definition)
    written = targets_of(statement)
    for attached in notes.claims:
        if attached.subject is None or attached.place not in OWN_LINE or _is_after(frame, statement, attached):
            continue
        if is_a_label(frame, statement, attached) or is_of_a_case(statement, attached):
            continue
        if called_as(statement, attached.subject) is not None:
            continue
        if waits_for_the_end(frame, statement, attached) and parameter_meant(frame, attached) is None:
            frame.letters.awaited.append(attached)
            continue
        if _is_of_an_argument(frame, statement, attached.subject):
            unmet(frame, attached, "it may speak of an argument")
        elif isinstance(statement, nodes.If) or text_of(attached.subject) not in written:
            # What an `if` binds anew it may have before, or after.
            if text_of(attached.subject) in written or _names_what_is_made_too(frame, attached):
                frame.doubted.add(id(attached))
            meet_named(frame, attached, item_meant(frame, statement, attached) or attached.subject)
        elif not isinstance(attached.subject, nodes.Name) or is_defined(frame, attached.subject.id):
            before = evaluated_aside(frame, attached.subject)
            is_told_apart = attached.claim.role is Role.INPUT and attached.claim.count == 1 and len(notes.claims) > 1
            if (attached.place is Place.FIRST or is_told_apart) and _is_input_not_told(frame, attached.subject, before):
                meet_named(frame, attached, attached.subject)
                frame.met_before.add(id(attached))
            else:
                frame.rebound[id(attached)] = before
    frame.mark = len(frame.failures)
    suppose_inputs(frame, statement)


def _is_of_an_argument(frame: Frame, statement: nodes.Stmt, subject: nodes.Expr) -> bool:
    """Whether what a comment names over a statement may be something within it, and is no input of the function."""
    return (
        isinstance(subject, nodes.Name) and not is_as_given(frame, subject.id) and names_another(statement, subject.id)
    )


def _names_what_is_made_too(frame: Frame, attached: Attached) -> bool:
    """Whether a comment names something beside what is there, `# logits and scores: (B, T)`: it tells of both, as they
    are after what is done below."""
    match = _BOTH_NAMES.match(attached.text[: attached.claim.start])
    return match is not None and any(not is_defined(frame, name) for name in match.groups())


_BOTH_NAMES = re.compile(r"#+\s*`?([A-Za-z_]\w*)`?\s+and\s+`?([A-Za-z_]\w*)`?\s*[:=]?\s*$")


def _is_input_not_told(frame: Frame, subject: nodes.Expr, value: Value) -> bool:
    """Whether a name is that of an input of which nothing is known but what its use has shown."""
    is_known = isinstance(value, Tensor) and value.shape.known
    return isinstance(subject, nodes.Name) and is_as_given(frame, subject.id) and not is_known


def with_claims_over(
    frame: Frame, statement: nodes.If | nodes.With | nodes.Try, body: Sequence[nodes.Stmt]
) -> Sequence[nodes.Stmt]:
    """A block of a statement: what a comment over that says without a name may speak of the first one within."""
    if statement.notes is nodes.NO_NOTES or not body:
        return body
    first = body[0]
    claims = [attached for attached in statement.notes.claims if _may_be_within(attached)]
    told = {id(event.attached) for event in frame.evidence.events if isinstance(event, ClaimMet) and event.is_input}
    claims = [attached for attached in claims if id(attached) not in told]  # of what the branch above is for
    if not claims or not isinstance(first, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return, nodes.If)):
        return body
    if len(body) > 1 or not isinstance(statement, nodes.If):
        frame.doubted.update(id(attached) for attached in claims)
    notes = nodes.Notes((*claims, *first.notes.claims), first.notes.definitions)
    return (replace(first, notes=notes), *body[1:])


def meet_over_a_loop(frame: Frame, statement: nodes.For | nodes.While) -> None:
    """What a comment over a loop says without a name may speak of the value above it, which the loop goes on with."""
    for attached in statement.notes.claims:
        if not frame.recording or not _may_be_within(attached):
            continue
        meet_above(frame, attached)


def _may_be_within(attached: Attached) -> bool:
    unnamed = attached.subject is None and attached.about is None
    return unnamed and attached.place in OWN_LINE and attached.claim.role is not Role.RAISES


def _is_after(frame: Frame, statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment over an `if` says what a name is after it.

    That is so of the name before its arrow, `# x: (B, C, T) -> x: (B, T)`, and of one that nothing but its branches
    binds.
    """
    if not isinstance(statement, nodes.If):
        return False
    subject = attached.subject
    if isinstance(subject, nodes.Name) and not is_defined(frame, subject.id) and subject.id in targets_of(statement):
        return True
    return attached.claim.role is Role.RESULT and follows_an_input(statement, attached)
