"""SHP212 call-against-its-contract."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.CALL)


RULE = Rule(
    code="SHP212",
    name="call-against-its-contract",
    severity="error",
    since="0.1",
    what="Call against its contract.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
