"""SHP213 argument-that-an-operator-refuses."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.ARGUMENT)


RULE = Rule(
    code="SHP213",
    name="argument-that-an-operator-refuses",
    severity="error",
    since="0.1",
    what="Argument that an operator refuses.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
