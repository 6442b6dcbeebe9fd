"""What rests on the word of a called function: no finding does.

Where the code of a function does not tell what it returns, its description is taken at its word, so that the lines of
its caller can be judged. A description that nothing has checked may be wrong, and the caller right.
"""

from __future__ import annotations

from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.doubt import is_in_doubt, is_wrong, key
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.judging import judge
from shapelint.interp.state.events import Evidence

DISAGREE = "it disagrees with what a called function says of its result, which could not be checked"


def judged_by_code(evidence: Evidence) -> list[Judged]:
    """The verdicts of the claims met in a function, none of them refuted by a word that nothing has checked.

    Where an operation cannot run on such a word, no such word is taken in the whole function.
    """
    judged = judge(evidence)
    troubles = [key(event) for event in evidence.events if is_in_doubt(event)]
    if not evidence.promised or evidence.again is None or not (troubles or any(map(is_wrong, judged))):
        return judged
    words = set(map(id, evidence.promised))
    without = evidence.again(lambda claim: id(claim) in words)
    by_code = judge(without)
    if not {key(event) for event in without.events if is_in_doubt(event)}.issuperset(troubles):
        evidence.events[:], evidence.facts = without.events, without.facts
        evidence.believed[:], evidence.groups = without.believed, without.groups
        return by_code
    sure = {id(one.attached) for one in by_code if is_wrong(one)}
    return [_left_open(one) if is_wrong(one) and id(one.attached) not in sure else one for one in judged]


def _left_open(one: Judged) -> Judged:
    return replace(one, verdict=Verdict.OPEN, reason=DISAGREE, letter=None)
