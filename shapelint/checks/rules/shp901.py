"""SHP901 file-that-cannot-be-read: a file or a part of it is no Python that can be read."""

from __future__ import annotations

from shapelint.checks.rules.rule import Rule

RULE = Rule(
    code="SHP901",
    name="file-that-cannot-be-read",
    severity="error",
    since="0.1",
    what=(
        "A file, or a part of it, cannot be read: it is not there for us to open, not text in the encoding "
        "that it declares, or not Python."
    ),
    why="Nothing in it is checked. It is said once for a file, and the other files are checked all the same.",
    wrong=(),
    right=(),
)
