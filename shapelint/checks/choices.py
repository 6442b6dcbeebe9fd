"""What holds as flags, modes and what may be left out are by default, where it is open for what else they may be.

`keepdim=False` among the parameters makes a result of four dims out of an image of three; its docstring tells of that
alone. Who calls it without a word of the flag gets what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shapelint.checks.judged import Judged
from shapelint.checks.model import Verdict
from shapelint.interp.budget import holds_claims
from shapelint.interp.events import ClaimMet, Evidence

NOTE = "with the flags as they are by default"


def with_choices_by_default(
    judged: list[Judged], evidence: Evidence, weigh: Callable[[Evidence], list[Judged]]
) -> list[Judged]:
    """The verdicts; one that is open is proved where that is so of the same function with its choices by default.

    Where the function was not followed to its end, so are those to which it did not come.
    """
    if evidence.at_defaults is None or not (_is_cut_short(evidence) or any(map(_is_open, judged))):
        return judged
    again = weigh(evidence.at_defaults())
    proved = {id(one.attached): replace(one, note=NOTE) for one in again if one.verdict is Verdict.PROVED}
    if evidence.limit:
        met = {id(one.attached) for one in judged}
        beyond = [one for one in proved.values() if id(one.attached) not in met]
        evidence.events.extend(one.event for one in beyond if one.event is not None)
        judged = judged + beyond
    return [proved.get(id(one.attached), one) if one.verdict is Verdict.OPEN else one for one in judged]


def _is_open(judged: Judged) -> bool:
    """Whether what a claim speaks of is known, but not whether it holds."""
    return judged.verdict is Verdict.OPEN and isinstance(judged.event, ClaimMet) and bool(judged.event.about)


def _is_cut_short(evidence: Evidence) -> bool:
    """Whether a function was not followed to its end, in which comments say something."""
    return bool(evidence.limit) and (evidence.function is None or holds_claims(evidence.function))
