"""What is wrong only where an operation cannot run, as is told of that operation (SHP301): it is left open.

An operation that equates two names which the author keeps apart makes no fact. Below it, though, nothing comes with
other sizes, and a comment may be right of those: `h.squeeze(0)` drops a batch of one, if a layer above asks for it.
"""

from __future__ import annotations

from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.doubt import is_wrong
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.judging import judge
from shapelint.interp.state.events import Evidence, Needed
from shapelint.program.nodes import Place

RUNS_SO = "it holds wherever the code runs at all"


def left_to_the_operation(judged: list[Judged], evidence: Evidence) -> list[Judged]:
    """The verdicts; what is refuted is open where it is not in a run in which operations before it have their way."""
    wrong = {id(one.attached) for one in judged if is_wrong(one) and _comes_after(one, evidence)}
    if not wrong or evidence.where_equated is None:
        return judged
    still = {id(one.attached) for one in judge(evidence.where_equated()) if is_wrong(one)}
    return [
        replace(one, verdict=Verdict.OPEN, reason=RUNS_SO, letter=None) if id(one.attached) in wrong - still else one
        for one in judged
    ]


def _comes_after(claim: Judged, evidence: Evidence) -> bool:
    """Whether what a claim speaks of comes of an operation that equates names, or after it.

    A docstring stands before all of them, and speaks of what comes in the end; a letter has to be one size throughout.
    """
    is_of_the_end = claim.attached.place is Place.DOCSTRING or claim.letter is not None
    return any(
        isinstance(event, Needed)
        and event.apart is not None
        and (is_of_the_end or (not event.conditional and _line_of(event) <= claim.attached.at[0]))
        for event in evidence.events
    )


def _line_of(event: Needed) -> int:
    """The line of an operation in the function that it is told in."""
    return (event.sites[-1] if event.sites else event.blame).at[0]
