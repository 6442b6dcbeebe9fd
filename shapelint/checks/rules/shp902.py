"""SHP902 internal-error: shapelint itself failed at a function, or came to one of its limits."""

from __future__ import annotations

from shapelint.checks.rules.rule import Rule

RULE = Rule(
    code="SHP902",
    name="internal-error",
    severity="error",
    since="0.1",
    what="shapelint itself failed while it looked at a function. This is a mistake in shapelint, not in the code.",
    why=(
        "The function is not checked, everything else is. Please report the line it names, together with the "
        "text of the error."
    ),
    wrong=(),
    right=(),
)
