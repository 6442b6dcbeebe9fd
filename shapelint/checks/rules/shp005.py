"""SHP005 silencing-without-effect: a comment silences findings of which there are none."""

from __future__ import annotations

from shapelint.checks.rules.rule import Rule

RULE = Rule(
    code="SHP005",
    name="silencing-without-effect",
    severity="warning",
    since="0.1",
    opt_in=True,
    what=(
        "A comment, `# shapelint: ignore` or `# noqa: SHP201`, silences findings on a line where there are none, "
        "by these codes or at all. A bare `# noqa` and the codes of other tools are left alone."
    ),
    why="The mistake has been mended, or moved: the next one on this line would be silenced with nobody knowing.",
    wrong=(
        """
import torch


def scores(q, k):
    B, T, D = q.shape
    return torch.rand(2, 3) @ torch.rand(3, 4)  # shapelint: ignore[SHP201]  # <- found
""",
    ),
    right=(
        """
import torch


def scores(q, k):
    B, T, D = q.shape
    return torch.rand(2, 3) @ torch.rand(2, 3)  # shapelint: ignore[SHP201]
""",
    ),
)
