"""SHP902 internal-error."""

from __future__ import annotations

from shapelint.checks.rule import Rule

RULE = Rule(
    code="SHP902",
    name="internal-error",
    severity="error",
    since="0.1",
    what="Internal error.",
    why="",
    wrong=(),
    right=(),
)
