"""What holds as flags, modes and what may be left out are by default, where it is open for what else they may be.

`keepdim=False` among the parameters makes a result of four dims out of an image of three; its docstring tells of that
alone. Who calls it without a word of the flag gets what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shapelint.checks.judged import Judged
from shapelint.checks.model import Verdict
from shapelint.interp.events import Evidence

NOTE = "with the flags as they are by default"


def with_choices_by_default(
    judged: list[Judged], evidence: Evidence, weigh: Callable[[Evidence], list[Judged]]
) -> list[Judged]:
    """The verdicts; one that is open is proved where that is so of the same function with its choices by default."""
    if evidence.at_defaults is None or not any(one.verdict is Verdict.OPEN and one.event is not None for one in judged):
        return judged
    again = weigh(evidence.at_defaults())
    proved = {id(one.attached): replace(one, note=NOTE) for one in again if one.verdict is Verdict.PROVED}
    return [proved.get(id(one.attached), one) if one.verdict is Verdict.OPEN else one for one in judged]
