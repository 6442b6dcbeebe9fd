"""Meeting the claims at a statement, and believing them where nothing is known."""

from __future__ import annotations

from shapelint.dims import const
from shapelint.interp.claims.applied_layers import keep_for_layers
from shapelint.interp.claims.beside_statements import meet_beside
from shapelint.interp.claims.claimed_layers import meet_layers
from shapelint.interp.claims.claimed_results import shape_shown
from shapelint.interp.claims.further_down import offer
from shapelint.interp.claims.names import define
from shapelint.interp.state.decorators import is_kernel
from shapelint.interp.state.events import ClaimMet, DefinitionMet
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.trail import note_result
from shapelint.interp.state.values import Value
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place

GIVING = (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return, nodes.Comment)
"""The statements of which a comment over them may tell what they give."""

_ZERO = const(0)


def claims_after(frame: Frame, statement: nodes.Stmt, value: Value) -> Value:
    """What the comments say of a statement's value and of its parts; the value, perhaps believed."""
    notes = statement.notes
    if not frame.recording:
        return value
    if frame.pending:
        offer(frame, statement, value)
    if notes is not nodes.NO_NOTES:
        frame.statement = statement
        for attached_definition in notes.definitions:
            if attached_definition.place not in OWN_LINE:
                take_definition(frame, attached_definition)
        meet_layers(frame, statement, value)
        keep_for_layers(frame, statement, value)
        for attached in notes.claims:
            if not _is_met(frame, statement, attached):
                value = meet_beside(frame, statement, attached, value)
    if isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        frame.previous = shape_shown(frame, statement, value)
        frame.previous_whole = _written_into(statement)
    note_result(frame, statement, value)
    return value


def _written_into(statement: nodes.Stmt) -> nodes.Expr | None:
    """What a statement writes a part of: `x` of `x[i] = y`."""
    target = statement.targets[0] if isinstance(statement, nodes.Assign) and statement.targets else None
    return target.value if isinstance(target, nodes.Subscript) else None


def _is_met(frame: Frame, statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a claim was met before, as one over an `if` is within it, or is to be met later."""
    if id(attached) in frame.met_before or any(one is attached for one in frame.letters.awaited):
        return True
    if attached.place is not Place.HEADER and isinstance(statement, GIVING):
        return False
    events = reversed(frame.evidence.events)
    return any(isinstance(event, ClaimMet) and event.attached is attached for event in events)


def take_definition(frame: Frame, attached: nodes.AttachedDefinition) -> None:
    """Take in a definition; where the code knows both its sides, it is a claim to be judged.

    What a kernel is made for, of which one number may have to be made of others, is for its caller to choose.
    """
    sides = define(frame, attached)
    if sides is not None and not (frame.function is not None and is_kernel(frame.function)):
        left, right, exact = sides
        frame.note(DefinitionMet(attached, left, right, exact, frame.world.facts))
    else:
        frame.note(DefinitionMet(attached, _ZERO, _ZERO, (), frame.world.facts, defines=True))
