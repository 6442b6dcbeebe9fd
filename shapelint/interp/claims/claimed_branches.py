"""What the comment on the header of a branch says of the tensor that the condition asks for its shape."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.interp.claims.at_statements import GIVING, meet_named
from shapelint.interp.state.asked import asked_for_its_shape
from shapelint.interp.state.machine import Frame
from shapelint.notation.model import Role
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.written import text_of

_WORD = re.compile(r"[A-Za-z]")


def meet_header(frame: Frame, statement: nodes.If, body: Sequence[nodes.Stmt], holds: bool) -> None:
    """Meet `if x.dim() == 4:  # (B, C, H, W)` with `x` where the branch begins; that of an `else` opens its block."""
    opening = body[0] if body and isinstance(body[0], nodes.Comment) else None
    notes = statement.notes if holds else opening.notes if opening is not None else nodes.NO_NOTES
    claims = [attached for attached in notes.claims if attached.place is Place.HEADER]
    if not claims and body and not isinstance(body[0], GIVING):
        claims = [attached for attached in body[0].notes.claims if attached.place in OWN_LINE]
        frame.doubted.update(id(attached) for attached in claims)
    if (
        not frame.recording
        or len(claims) != 1
        or claims[0].subject is not None
        or claims[0].claim.role is not Role.RESULT
    ):
        return
    asked = {text_of(one): one for one in asked_for_its_shape(statement.test)}
    if len(asked) != 1:
        return
    if not _is_bare(claims[0]):
        frame.doubted.add(id(claims[0]))  # it may tell what the branch makes of it
    meet_named(frame, claims[0], next(iter(asked.values())))


def _is_bare(attached: Attached) -> bool:
    """Whether a comment says nothing but the shape."""
    rest = attached.text
    for shape in attached.claim.shapes:
        rest = rest.replace(shape.text, " ")
    return _WORD.search(rest) is None
