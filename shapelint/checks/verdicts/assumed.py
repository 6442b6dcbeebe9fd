"""What an open claim tells that the code does not: of what a caller gives, or of what its own letters stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shapelint.checks.verdicts.judged import Judged, is_own_line
from shapelint.checks.verdicts.matching import Match, Outcome, Problem, match_shape
from shapelint.dims import Facts
from shapelint.interp.calls.externals import FROM_A_FILE
from shapelint.interp.claims.givens import NO_TENSOR
from shapelint.interp.state.decorators import NO_BODY
from shapelint.interp.state.events import ClaimMet, Given
from shapelint.notation.model import Role
from shapelint.ops.tensor import UNSEEN
from shapelint.program.nodes import OWN_LINE, Attached, AttachedDefinition, Place
from shapelint.shapes import Shape


def tells_an_input(event: ClaimMet, outcomes: Sequence[tuple[Given, Match]]) -> bool:
    """Whether a caller gives a value, or nothing is open of it but how many dims a caller gives what it is made from.

    The comment tells that, as one on the input itself does; what comes after is held against it. Of several values each
    is so, or is as the comment says.
    """
    if event.doubt or len(event.alternatives) > 1:
        return False
    tensors = [pair for pair in outcomes if pair[0].why_unknown != NO_TENSOR] or outcomes
    is_given = all(match.outcome is Outcome.RIGHT or _is_given(given, match) for given, match in tensors)
    is_of_it = event.over_statement or not _may_be_of_others(event.attached, len(tensors))
    return is_given and (is_of_it or _fits_nothing_above(event))


def tells_inputs_nearby(event: ClaimMet, outcomes: Sequence[tuple[Given, Match]]) -> bool:
    """Whether a comment on a line of its own tells an input, or is right, of every value that it may speak of."""
    is_plain = event.attached.place in OWN_LINE and event.attached.claim.role is Role.RESULT
    if not is_plain or not tells_an_input(replace(event, over_statement=True), outcomes):
        return False
    for given in event.others:
        matches = [match_shape(shape, given, event.facts, Facts())[0] for shape in event.alternatives]
        is_meant = given.why_unknown != NO_TENSOR and any(match.problem is not Problem.RANK for match in matches)
        if is_meant and not any(match.outcome is Outcome.RIGHT or _is_given(given, match) for match in matches):
            return False
    return True


_WORD = re.compile(r"[A-Za-z]|[-=]>")


def _fits_nothing_above(event: ClaimMet) -> bool:
    """Whether a comment over a statement has other dims than all that is above it, and so speaks of that below."""
    attached, claim = event.attached, event.attached.claim
    is_bare = attached.place in OWN_LINE and not _WORD.search(attached.text.replace(claim.shapes[0].text, " "))
    if not is_bare or claim.role is not Role.RESULT:
        return False
    above = event.others[: event.before]
    matches = [match_shape(shape, one, event.facts, Facts())[0] for one in above for shape in event.alternatives]
    return all(match.outcome is Outcome.WRONG and match.problem is Problem.RANK for match in matches)


BY_UNSEEN = "what code gives that is not seen"
BY_LETTERS = "what its letters stand for"


def what_is_given(judged: Judged) -> str:
    """What an open claim that tells an input tells."""
    given = judged.match.given if judged.match is not None else None
    if UNSEEN in judged.reason or _is_unseen(given):
        return BY_UNSEEN
    if judged.match is not None and judged.match.given is not None:
        return "how many dims an input has"
    if judged.given is not None and judged.given.why_unknown == FROM_A_FILE:
        return FROM_A_FILE
    has_body = judged.given is None or not judged.given.why_unknown.endswith(NO_BODY)
    return "what a caller gives" if has_body else "what takes its place gives"


def _is_given(given: Given, match: Match) -> bool:
    """Whether nothing of a value is open but what a caller chooses, or what code gives that is not seen."""
    if match.outcome is not Outcome.OPEN or match.shape is None:
        return False
    if match.given is None:
        return given.by_caller or UNSEEN in given.why_unknown
    return match.but_for_rank and (match.given.given or _is_unseen(match.given)) and match.shape.rest in (None, 0)


def _is_unseen(shape: Shape | None) -> bool:
    """Whether how many dims there are is not known, and for no other reason first than that some code is not seen."""
    return shape is not None and shape.run is not None and UNSEEN in f"{shape.run.cause} {shape.run.after}"


def _may_be_of_others(attached: Attached | AttachedDefinition, values: int) -> bool:
    """Whether a comment stands on a line of its own and names nothing, or may describe another one of the results."""
    if attached.place is Place.DOCSTRING:
        return values > 1
    is_named = isinstance(attached, Attached) and attached.subject is not None
    return is_own_line(attached) and not is_named


def tells_its_letters(event: ClaimMet, outcomes: Sequence[tuple[Given, Match]]) -> bool:
    """Whether nothing is open but a size that a caller chooses, or that is said in letters that no one has defined yet.

    `(B, 2*C + 1)` says what C is where the last dim is as many as some data makes it. Of several values each is so, or
    is as the comment says.
    """
    is_told = all(match.outcome is Outcome.RIGHT or match.but_for_letters for _, match in outcomes)
    is_of_it = event.attached.place is not Place.DOCSTRING and not _may_be_of_others(event.attached, len(outcomes))
    is_of_it = is_of_it or event.over_statement
    return is_told and is_of_it and len(event.alternatives) == 1 and not event.doubt
