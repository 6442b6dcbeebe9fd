"""What every statement gave to every name, kept for those who ask where a shape came from; nobody else pays for it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from shapelint.interp.state.events import Evidence
from shapelint.interp.state.machine import Frame, Step
from shapelint.interp.state.values import Choice, ListObject, Ref, Value
from shapelint.ops.rows import Many
from shapelint.program import nodes
from shapelint.program.written import text_of

MOST_ITEMS = 16


@dataclass(frozen=True, slots=True)
class Items:
    """What a list holds at one point; `whole` is False where it may hold any number of these."""

    items: tuple[Value, ...]
    whole: bool


def note_result(frame: Frame, statement: nodes.Stmt, value: Value) -> None:
    """Note what a statement gives that binds no name: what is returned, what stands by itself."""
    if isinstance(statement, (nodes.Return, nodes.Expression)):
        name = "return" if isinstance(statement, nodes.Return) else ""
        note_value(frame, statement.at, name, value, statement.value)


def note_binding(frame: Frame, target: nodes.Name | nodes.Attribute, value: Value, source: nodes.Expr | None) -> None:
    """Note what a name or an attribute is given."""
    if frame.machine.trail is not None:
        note_value(frame, target.at, text_of(target), value, source)


def note_value(frame: Frame, at: nodes.Span, name: str, value: Value, source: nodes.Expr | None) -> None:
    """Note a value under a name, as far as it is known at this point."""
    trail = frame.machine.trail
    if trail is not None and frame.recording:
        trail.append(Step(at, name, _kept(frame, value), source, frame.evidence))


def note_inputs(frame: Frame, params: tuple[nodes.Param, ...], evidence: Evidence) -> None:
    """Note the parameters of a function with all that became known of them."""
    trail = frame.machine.trail
    if trail is not None and frame.recording:
        for param in params:
            if param.name in evidence.inputs:
                trail.append(Step(param.at, param.name, evidence.inputs[param.name], None, evidence, is_input=True))


def _kept(frame: Frame, value: Value) -> Value:
    """A value as it is now, a list with what is in it."""
    value = frame.world.settle(value)
    if isinstance(value, Choice):
        return Choice(tuple(frame.world.settle(one) for one in value.values))
    if type(value) is tuple:
        return tuple(_kept(frame, one) for one in value[:MOST_ITEMS])
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, ListObject):
        parts = (part.group if isinstance(part, Many) else (part,) for part in content.row)
        held = tuple(itertools.islice(itertools.chain.from_iterable(parts), MOST_ITEMS))
        whole = content.items is not None and len(content.items) <= MOST_ITEMS
        return Items(tuple(_kept(frame, one) for one in held), whole)
    return value
