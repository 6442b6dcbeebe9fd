"""What comments over a `def` say of the whole function without a parameter's name: of its inputs, of what it gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shapelint.notation.model import Role
from shapelint.program.expressions import Name
from shapelint.program.notes import NO_NOTES, Attached, Notes, Place

_PLAIN = r"\b(?:[\s:=`]|\b(?:shapes?|sizes?|is|are|an?|the|tensors?|of|with|has|have|will|be)\b)*$"
_OF_WHAT_IT_GIVES = re.compile(r"#+\s*(?:outputs?|returns?|results?|gives)" + _PLAIN, re.IGNORECASE)
_OF_THE_INPUT = re.compile(r"#+\s*(?:the\s+)?inputs?" + _PLAIN, re.IGNORECASE)
_ENTRY = re.compile(r"#+\s*[-*•]?\s*`?([A-Za-z_]\w*)`?\s*[-=]>\s*$")


def of_the_function(notes: Notes, names: Sequence[str], tensors: Sequence[str]) -> Notes:
    """What is said of a function over its `def`: `Input [B, T]` of the only one of its `tensors`, `Output: (B,)`.

    `names` are those of its parameters.
    """
    found = [one for claim in notes.claims if (one := _meant(claim, notes, names, tensors)) is not None]
    return Notes(tuple(found)) if found else NO_NOTES


def without_these(notes: Notes, told: Notes) -> Notes:
    """What is said there but for `told`."""
    taken = {one.at for one in told.claims}
    claims = tuple(one for one in notes.claims if one.at not in taken)
    return notes if len(claims) == len(notes.claims) else Notes(claims, ()) if claims else NO_NOTES


def _meant(one: Attached, notes: Notes, names: Sequence[str], tensors: Sequence[str]) -> Attached | None:
    """The claim as one on a parameter or on the result, None where nothing tells on which."""
    if one.subject is not None or one.claim.conditional:
        return None
    before = one.text[: one.claim.start]
    if one.claim.role is Role.INPUT and _is_of_inputs(one, notes, tensors):
        name = tensors[one.claim.index]
        meant = replace(one.claim, role=Role.RESULT, subject=name, index=0, count=1)
        return replace(one, claim=meant, subject=Name(one.at, name), place=Place.PARAMETER)
    if one.claim.role is not Role.RESULT:
        return None
    if (entry := _ENTRY.match(before)) is not None and entry[1] in names:
        claim = replace(one.claim, subject=entry[1])
        return replace(one, claim=claim, subject=Name(one.at, entry[1]), place=Place.PARAMETER)
    is_made = any(each.text == one.text and _is_of_inputs(each, notes, tensors) for each in notes.claims)
    return replace(one, place=Place.DOCSTRING) if is_made or _OF_WHAT_IT_GIVES.match(before) else None


def _is_of_inputs(one: Attached, notes: Notes, tensors: Sequence[str]) -> bool:
    """Whether a claim tells of inputs, of as many as the comment has shapes, by that word or before an arrow."""
    if one.claim.role is not Role.INPUT or one.claim.count != len(tensors):
        return False
    leads_on = any(each.text == one.text and each.claim.role is Role.RESULT for each in notes.claims)
    return leads_on or any(
        each.text == one.text and each.claim.index == 0 and _OF_THE_INPUT.match(each.text[: each.claim.start])
        for each in notes.claims
    )
