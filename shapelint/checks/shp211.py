"""SHP211 expanding-a-size-other-than-one."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.EXPAND)


RULE = Rule(
    code="SHP211",
    name="expanding-a-size-other-than-one",
    severity="error",
    since="0.1",
    what="Expanding a size other than one.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
