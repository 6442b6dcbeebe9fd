"""SHP207 unpacking-of-another-number."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.UNPACK)


RULE = Rule(
    code="SHP207",
    name="unpacking-of-another-number",
    severity="error",
    since="0.1",
    what="Unpacking of another number.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
