"""What holds as flags, modes and what may be left out are by default, where it is open for what else they may be.

`keepdim=False` among the parameters makes a result of four dims out of an image of three; its docstring tells of that
alone. Who calls it without a word of the flag gets what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.assumed import BY_LETTERS, BY_UNSEEN
from shapelint.checks.verdicts.judged import Judged, right_match
from shapelint.checks.verdicts.unpacked import as_unpacked
from shapelint.dims import Facts
from shapelint.interp.state.budget import notes_within
from shapelint.interp.state.events import ClaimMet, DefinitionMet, Evidence
from shapelint.notation.model import Role

NOTE = "with the flags as they are by default"


def with_choices_by_default(
    judged: list[Judged], evidence: Evidence, weigh: Callable[[Evidence], list[Judged]]
) -> list[Judged]:
    """The verdicts; one that is open is proved where that is so of the same function with its choices by default.

    So is one that tells how many dims an input has, which may be known there. Where the function was not followed to
    its end, so are those to which it did not come.
    """
    decided = {id(one.attached) for one in judged if not _waits(one)}
    if evidence.at_defaults is None or not (_left_out_some(evidence, decided) or any(map(_is_open, judged))):
        return judged
    at_defaults = evidence.at_defaults()
    if not _may_prove_more(at_defaults, decided):
        return judged
    again = weigh(at_defaults)
    proved = {id(one.attached): replace(one, note=NOTE) for one in again if one.verdict is Verdict.PROVED}
    if evidence.limit:
        met = {id(one.attached) for one in judged}
        beyond = [one for one in proved.values() if id(one.attached) not in met]
        evidence.events.extend(one.event for one in beyond if one.event is not None)
        judged = judged + beyond
    return [proved.get(id(one.attached), one) if _waits(one) else one for one in judged]


def _waits(judged: Judged) -> bool:
    """Whether a claim is open, or assumed for the number of dims alone, or for what is not seen or told."""
    is_of_rank = judged.match is not None and judged.match.but_for_rank
    is_told = is_of_rank or judged.reason in (BY_UNSEEN, BY_LETTERS)
    return judged.verdict is Verdict.OPEN or (judged.verdict is Verdict.ASSUMED and is_told)


def _may_prove_more(run: Evidence, decided: set[int]) -> bool:
    """Whether a run may prove a claim that is not decided: it fits what it speaks of there, or that is not asked.

    Whether it fits is told at once; sizes by which others are wrong are sought for long.
    """
    left = [one for one in run.events if isinstance(one, (ClaimMet, DefinitionMet)) and id(one.attached) not in decided]
    return bool(left) and bool(run.promised or run.roots or any(_may_hold(one, run) for one in left))


def _may_hold(event: ClaimMet | DefinitionMet, run: Evidence) -> bool:
    if isinstance(event, DefinitionMet):
        return True
    if event.attached.claim.role is Role.RAISES:
        return event.failure is not None
    event = (as_unpacked(event, run) if event.believed else None) or event
    facts = event.facts.also(run.facts)
    return any(
        right_match(event, given, facts if given.path is None else facts.also(given.path), Facts(), run.groups)
        for given in (*event.given, *event.others)
    )


def _is_open(judged: Judged) -> bool:
    """Whether what a claim speaks of is known, but not whether it holds."""
    return _waits(judged) and isinstance(judged.event, ClaimMet) and bool(judged.event.about)


def _left_out_some(evidence: Evidence, decided: set[int]) -> bool:
    """Whether a function was not followed to its end, in which comments say something that is not decided."""
    if not evidence.limit or evidence.function is None:
        return bool(evidence.limit)
    return any(id(one) not in decided for notes in notes_within((evidence.function,)) for one in notes.claims)
