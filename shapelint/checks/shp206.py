"""SHP206 dim-that-is-not-there."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.DIM_INDEX)


RULE = Rule(
    code="SHP206",
    name="dim-that-is-not-there",
    severity="error",
    since="0.1",
    what="Dim that is not there.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
