"""Values of which a comment may speak beside that of its statement: of the line above, of inputs, before an arrow."""

from __future__ import annotations

import re

from shapelint.dims import Dim
from shapelint.interp.claims.givens import (
    NO_TENSOR,
    givens_of,
    settled_given,
)
from shapelint.interp.claims.names import meaning_of
from shapelint.interp.claims.subjects import evaluated_aside, value_of
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value
from shapelint.notation.model import Name, Rest, Role
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import targets_of, value_expr
from shapelint.shapes import Shape


def values_nearby(frame: Frame, attached: Attached) -> list[Value]:
    """The values of which an own-line comment may speak that are there before its statement.

    That is what the line above made, what a branch tests whose first statement it is, and a function's inputs at its
    beginning.
    """
    previous = frame.world.settle(frame.previous)
    is_row = type(previous) is tuple and not all(isinstance(one, Dim) for one in previous)
    found = [] if attached.apart else list(previous) if type(previous) is tuple and is_row else [previous]
    if frame.previous_whole is not None and not attached.apart:
        found.append(evaluated_aside(frame, frame.previous_whole))
    first, tested = frame.tested
    if first is not None and first is frame.statement:
        found += tested
    if attached.place is Place.FIRST and _is_alone(frame, attached):
        found += frame.letters.believed.values()
    return found


def led_by(frame: Frame, attached: Attached) -> list[Value]:
    """What the name before the arrow of `# boxes -> (N, 4)` stands for: the comment tells that, or what comes of it."""
    match = _LEADING_NAME.match(attached.text)
    name = match[1] if match is not None and attached.claim.role is Role.RESULT else ""
    if name not in frame.env:
        return []
    if frame.statement is None or name not in targets_of(frame.statement):
        return [frame.env[name]]
    expr = value_expr(frame.statement)
    parts = [one for one in all_parts([expr] if expr is not None else []) if isinstance(one, nodes.Name)]
    return [value_of(frame, one) for one in parts if one.id == name][:1]


_LEADING_NAME = re.compile(r"#+\s*(\w+)\s*(?:-{1,2}|=)>")


def of_its_rank_nearby(frame: Frame, attached: Attached, given: Given) -> Given | None:
    """The one value nearby that has as many dims as is said, where the statement's own has not, or is no tensor."""
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    is_open = any(isinstance(item, Rest) for spec in attached.claim.shapes for item in spec.items)
    own = given.shape if given.shape is not None and given.shape.known else None
    if is_open or (own is not None and own.rank in ranks) or (own is None and given.why_unknown != NO_TENSOR):
        return None
    found: dict[Shape, Given] = {}
    for value in led_by(frame, attached) or values_nearby(frame, attached):
        for near in givens_of(frame, value):
            near = settled_given(frame, near)
            if near.shape is not None and near.shape.known and near.shape.rank in ranks:
                found[near.shape] = near
    return next(iter(found.values())) if len(found) == 1 else None


def of_its_names_nearby(frame: Frame, attached: Attached, given: Given) -> Given | None:
    """The one value nearby with the sizes that the names of a comment stand for, where the statement's own has others.

    A letter that is new in the comment takes its size from that one, then: `# (B, T, C)` between `B, T, _ = x.shape`
    and `y = x.transpose(1, 2)`.
    """
    items = attached.claim.shapes[0].items if len(attached.claim.shapes) == 1 else ()
    said = [meaning_of(frame, item.text) if isinstance(item, Name) else None for item in items]
    if sum(size is not None for size in said) < 2 or None not in said:
        return None

    def fits(one: Given) -> bool:
        if one.shape is None or not one.shape.known or one.shape.rank != len(said):
            return False
        pairs = zip(said, one.shape.dims, strict=True)
        return all(own is None or frame.world.facts.is_equal(own, size) for own, size in pairs)

    if given.shape is None or not given.shape.known or given.shape.rank != len(said) or fits(given):
        return None
    near = [settled_given(frame, one) for value in values_nearby(frame, attached) for one in givens_of(frame, value)]
    fitting = {one.shape: one for one in near if fits(one)}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def may_be_of_the_line_above(frame: Frame, attached: Attached, given: Given) -> bool:
    """Whether a comment on its own line may mean what the statement above made, `projected_x`, where it names `x`.

    The one may have as many dims as is said, and the other has not.
    """
    subject = attached.subject
    if attached.place not in OWN_LINE or not isinstance(subject, nodes.Name) or attached.apart:
        return False
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    if given.shape is None or not given.shape.known or given.shape.rank in ranks:
        return False
    name = subject.id.lower()
    is_named_so = any(
        value is frame.previous and one.lower().startswith(name) != one.lower().endswith(name)
        for one, value in frame.env.items()
    )
    made = [each.shape for each in givens_of(frame, frame.previous)] if is_named_so else []
    return any(shape is not None and (not shape.known or shape.rank in ranks) for shape in made)


def _is_alone(frame: Frame, attached: Attached) -> bool:
    """Whether a comment makes no other claim: what an arrow leads to is no input."""
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    return all(other is attached or other.text != attached.text for other in claims)
