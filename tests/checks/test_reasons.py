"""Why a claim is open, in words that its author can read."""

from __future__ import annotations

import pytest

from tests.linted import lint

PROGRAM = """
import torch


def f(rows, x, n, m):
    B, T, D = x.shape
    for row in rows:
        {line}
"""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("y = torch.zeros(len(row), T)  # (B, T)", "whether B is what the code gives could not be decided"),
        ("y = torch.zeros(len(row) + n, T)  # (B, T)", "whether B is what the code gives could not be decided"),
    ],
)
def test_a_size_without_a_name_is_what_the_code_gives(line: str, reason: str) -> None:
    (claim,) = lint(PROGRAM.format(line=line)).annotations

    assert claim.reason == reason
