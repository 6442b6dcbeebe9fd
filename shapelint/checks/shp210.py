"""SHP210 index-that-cannot-be."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.INDEX)


RULE = Rule(
    code="SHP210",
    name="index-that-cannot-be",
    severity="error",
    since="0.1",
    what="Index that cannot be.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
