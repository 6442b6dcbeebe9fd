"""What the comment on the header of a branch says of the tensor that the condition asks for its shape."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.interp.claims.at_statements import GIVING
from shapelint.interp.claims.claimed_values import meet_value
from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.named_subjects import meet_named
from shapelint.interp.claims.noted import note_claim
from shapelint.interp.claims.subjects import evaluated_aside
from shapelint.interp.claims.supposed import is_as_given
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
    about = next(iter(asked.values()))
    if not _is_bare(claims[0]):
        if body and not isinstance(body[0], GIVING) and _is_of_what_is_given(frame, claims[0], about):
            frame.doubted.discard(id(claims[0]))
            meet_value(frame, claims[0], evaluated_aside(frame, about), text_of(about), is_input=True)
            return
        frame.doubted.add(id(claims[0]))  # it may tell what the branch makes of it
    made = _made_of(body, about)
    if made is not None and not _is_of_as_many_dims(frame, claims[0], about):
        either = [*givens_of(frame, evaluated_aside(frame, about)), *givens_of(frame, evaluated_aside(frame, made))]
        note_claim(frame, claims[0], either, text_of(about), any_of=True)
        return
    meet_named(frame, claims[0], about)


def _made_of(body: Sequence[nodes.Stmt], about: nodes.Expr) -> nodes.Expr | None:
    """What a branch makes first of the name that its condition asks: `if x.dim() == 4:  # (B, C*H, W)`, `x = ...`."""
    first = body[0] if body else None
    if not isinstance(first, nodes.Assign) or [text_of(target) for target in first.targets] != [text_of(about)]:
        return None
    return first.value


def _is_of_what_is_given(frame: Frame, attached: Attached, about: nodes.Expr) -> bool:
    """Whether a branch over statements that give no value is for an input of as many dims as its comment tells.

    `elif mask.dim() == 2:` and `# provided a padding mask of dimensions [B, T]` over another `if`.
    """
    return (
        isinstance(about, nodes.Name) and is_as_given(frame, about.id) and _is_of_as_many_dims(frame, attached, about)
    )


def _is_of_as_many_dims(frame: Frame, attached: Attached, about: nodes.Expr) -> bool:
    givens = givens_of(frame, evaluated_aside(frame, about))
    ranks = {given.shape.rank if given.shape is not None and given.shape.known else None for given in givens}
    return len(ranks) == 1 and ranks == {len(spec.items) for spec in attached.claim.shapes}


def _is_bare(attached: Attached) -> bool:
    """Whether a comment says nothing but the shape."""
    rest = attached.text
    for shape in attached.claim.shapes:
        rest = rest.replace(shape.text, " ")
    return _WORD.search(rest) is None
