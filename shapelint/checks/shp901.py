"""SHP901 file-that-cannot-be-read."""

from __future__ import annotations

from shapelint.checks.rule import Rule

RULE = Rule(
    code="SHP901",
    name="file-that-cannot-be-read",
    severity="error",
    since="0.1",
    what="File that cannot be read.",
    why="",
    wrong=(),
    right=(),
)
