"""SHP209 view-of-non-contiguous-memory."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.LAYOUT)


RULE = Rule(
    code="SHP209",
    name="view-of-non-contiguous-memory",
    severity="error",
    since="0.1",
    what="View of non contiguous memory.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
