"""Where the author's comments stand: over the statement that they speak of, or under it, throughout a function.

`# (B, T)` between two statements may speak of the one above as well as of the one below. Where each comment of a
function that fits one of them alone fits the one below it, so do those of which nothing else tells; or the one above.
Comments that begin paragraphs, where none fits the one above it alone, stand over their statements, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.judged import Judged, is_own_line, right_match
from shapelint.checks.verdicts.nearby import ANOTHER_NEARBY, NEARBY
from shapelint.dims import Facts
from shapelint.interp.state.events import ClaimMet, Evidence
from shapelint.notation.model import Role
from shapelint.program.nodes import Attached

FEWEST, FEWEST_TO_REFUTE = 2, 3
"""How many comments have to tell where the others stand."""


def with_those_over_statements(
    judged: list[Judged], evidence: Evidence, judge: Callable[[ClaimMet], Judged]
) -> list[Judged]:
    """The verdicts; open ones of comments over statements are those of the statements, where all others are so."""
    waiting = [one for one in judged if one.verdict is Verdict.OPEN and _is_by_place(one)]
    over = _over_statements(judged, evidence) if waiting else 0
    under = _under_statements(judged, evidence) if waiting else 0
    if over == 0 and under >= FEWEST:
        return [_of_the_one_above(one, judge) if any(one is other for other in waiting) else one for one in judged]
    begin = sum(_is_by_place(one) and isinstance(one.attached, Attached) and one.attached.apart for one in judged)
    if over < FEWEST and not (under == 0 and begin >= FEWEST):
        return judged
    met: dict[int, int] = {}
    for event in evidence.events:
        if isinstance(event, ClaimMet):
            met[id(event.attached)] = met.get(id(event.attached), 0) + 1
    are_all_over = over >= FEWEST_TO_REFUTE and not any(_is_by_place(one) and one.reason == NEARBY for one in judged)
    return [
        _decided(one, judge, are_all_over and not _repeats_the_one_above(one, judged))
        if any(one is other for other in waiting) and met[id(one.attached)] == 1
        else one
        for one in judged
    ]


def _is_by_place(claim: Judged) -> bool:
    """Whether a comment on a line of its own says the shape of what it stands by, and names nothing."""
    event = claim.event
    if not isinstance(event, ClaimMet) or event.attached.subject is not None or not is_own_line(event.attached):
        return False
    return event.attached.claim.role is Role.RESULT and event.attached.claim.count == 1 and not event.any_of


def _repeats_the_one_above(claim: Judged, judged: Sequence[Judged]) -> bool:
    """Whether a comment says again what the one above it says: it may tell of what comes into its statement."""
    above = [one.attached for one in judged if one.attached.at[0] < claim.attached.at[0]]
    last = max(above, key=lambda one: one.at[0], default=None)
    return last is not None and last.text == claim.attached.text


def _over_statements(judged: Sequence[Judged], evidence: Evidence) -> int:
    """How many comments fit the statement below them alone."""
    over = 0
    for one in judged:
        if not _is_by_place(one) or one.verdict is not Verdict.PROVED or not isinstance(one.event, ClaimMet):
            continue
        facts = one.event.facts.also(evidence.facts)
        event = one.event
        if event.others and not any(
            right_match(event, other, facts, Facts(), evidence.groups) for other in event.others
        ):
            over += 1
    return over


def _under_statements(judged: Sequence[Judged], evidence: Evidence) -> int:
    """How many comments fit the statement above them, which they touch, and not the one below."""
    under = 0
    for one in judged:
        event = one.event
        if not _is_by_place(one) or one.verdict is not Verdict.PROVED or not isinstance(event, ClaimMet):
            continue
        facts = event.facts.also(evidence.facts)
        of_above, of_below = (
            any(right_match(event, given, facts, Facts(), evidence.groups) for given in givens)
            for givens in (event.previous, event.below)
        )
        under += of_above and not of_below
    return under


def _of_the_one_above(claim: Judged, judge: Callable[[ClaimMet], Judged]) -> Judged:
    """The verdict of a claim on the statement above it, which it touches; it is never refuted by that."""
    event = claim.event
    if not isinstance(event, ClaimMet) or not event.previous:
        return claim
    doubt = "" if event.doubt in (ANOTHER_NEARBY, NEARBY) else event.doubt
    again = judge(replace(event, given=event.previous, others=[], doubt=doubt, over_statement=True))
    return again if again.verdict in (Verdict.PROVED, Verdict.ASSUMED) else claim


def _decided(claim: Judged, judge: Callable[[ClaimMet], Judged], surely: bool) -> Judged:
    """The verdict of a claim on the statement alone, refuted where that is `surely` meant."""
    event = claim.event
    assert isinstance(event, ClaimMet)
    doubt = "" if event.doubt == ANOTHER_NEARBY else event.doubt
    again = judge(replace(event, others=[], doubt=doubt, over_statement=True))
    return (
        again
        if again.verdict in (Verdict.PROVED, Verdict.ASSUMED) or (surely and again.verdict is Verdict.REFUTED)
        else claim
    )
