"""What a comment on a line of its own may speak of beside the value at hand."""

from __future__ import annotations

import re
from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.judged import Judged, best_match, right_match
from shapelint.checks.verdicts.matching import Outcome, Problem
from shapelint.dims import Facts
from shapelint.interp.state.apart import Groups
from shapelint.interp.state.events import ClaimMet, Evidence

NEARBY = "it speaks of a value nearby"


def of_another(event: ClaimMet, facts: Facts, examples: Facts, evidence: Evidence) -> Judged | None:
    """The verdict of a comment that fits, or may fit, a value nearby as it is, and the one at hand by an example only.

    A number in it is then no example of a size of the value at hand.
    """
    for given in event.others:
        match, after = best_match(event, given, facts, examples, evidence.groups)
        if match.outcome is Outcome.RIGHT and after is examples:
            return Judged(event.attached, Verdict.PROVED, NEARBY, event, given, match)
        if match.outcome is Outcome.OPEN:
            return Judged(event.attached, Verdict.OPEN, ANOTHER_NEARBY, event, given, match)
    return None


ANOTHER_NEARBY = "it may speak of another value nearby"


def of_own_line(event: ClaimMet, judged: Judged, facts: Facts, examples: Facts, groups: Groups) -> Judged:
    """An own-line comment is refuted only where it disagrees with every value that it may speak of."""
    near = right_nearby(event, facts, examples, groups)
    if near is not None:
        return near
    matches = [(given, best_match(event, given, facts, examples, groups)[0]) for given in event.others]
    unlike = (Outcome.WRONG, Outcome.LABEL) if judged.letter is not None else (Outcome.WRONG,)
    of_another_rank = judged.match is not None and judged.match.problem is Problem.RANK
    if any(m.outcome not in unlike or (of_another_rank and m.problem is not Problem.RANK) for _, m in matches):
        return replace(judged, verdict=Verdict.OPEN, reason=ANOTHER_NEARBY, letter=None)
    if event.attached.subject is None and (
        event.attached.claim.is_in_sentence(event.attached.text) or _CONTINUES.match(event.attached.text)
    ):
        return replace(judged, verdict=Verdict.OPEN, reason="the sentence may speak of something else", letter=None)
    return judged


def right_nearby(event: ClaimMet, facts: Facts, examples: Facts, groups: Groups) -> Judged | None:
    """The verdict of a comment that is right of a value nearby, None where it is right of none."""
    for given in event.others:
        match = right_match(event, given, facts, examples, groups)
        if match is not None:
            return Judged(event.attached, Verdict.PROVED, NEARBY, event, given, match)
    return None


_CONTINUES = re.compile(r"#+\s*(?:in)?to\s")  # what something else, said above, becomes
