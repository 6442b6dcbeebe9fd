"""Consecutive comment lines: what breaks over a line end is joined and reported on the line where it starts."""

from __future__ import annotations

import pytest
from reading_text import show

from shapelint.notation import read_comment_block

JOINED = [
    ("# (batch,\n#  frames)", ["RESULT (batch, frames)", ""]),
    ("# mask of shape:\n# (B, T)", ["", "RESULT mask (B, T)"]),
    ("# Reshape x to the shape\n# [B, T]", ["", "RESULT (B, T)"]),
    ("# (B, T)\n#   -> (B, T, C)\n#   -> (B, D)", ["INPUT (B, T)", "LINK (B, T, C)", "RESULT (B, D)"]),
    ("# B, T, h, d ->\n# B, T, h*d ->\n# B, h*d, T", ["INPUT (B, T, h, d)", "LINK (B, T, h*d)", "RESULT (B, h*d, T)"]),
    ("# (B, T, C) ->\n# (B, C)", ["INPUT (B, T, C)", "RESULT (B, C)"]),
    ("# Change from shape `[B, T, D]`\n# to `[T, B, D]`", ["INPUT (B, T, D)", "RESULT (T, B, D)"]),
    (
        "# (B, T, C) @ (B, C, T)\n#   = (B, T, T)",
        ["OPERAND[0/2] (B, T, C); OPERAND[1/2] (B, C, T)", "RESULT (B, T, T)"],
    ),
]

APART = [
    ("# x: (B, T)\n# y: (B, D)", ["RESULT x (B, T)", "RESULT y (B, D)"]),
    ("# this is prose (see\n# the other, thing)", ["", ""]),
    ("# (B, T)\n# then dropout", ["RESULT (B, T)", ""]),
    ("# the shape\n# of things to come", ["", ""]),
    ("# q @ k", [""]),
    ("# A tensor containing the size of a single patch:\n# (patch_t, patch_h, patch_w).\n# Reshaped", ["", "", ""]),
    ("# torch.randn(\n#     1, high[1] - high[0],\n#     ((low[1] - low[0])*2) + 1, obs_dim\n# )", ["", "", "", ""]),
    ('# def f(x):\n#     """x of shape (B, T)."""\n# h: (B, T)', ["", "", "RESULT h (B, T)"]),
    ("# class tokens\n#     (B, T)", ["", "RESULT (B, T)"]),
    ("# torch.randn(\n# (B, T)\n# x", ["", "RESULT (B, T)", ""]),
]


@pytest.mark.parametrize(("block", "expected"), JOINED)
def test_lines_that_belong_together_are_joined(block: str, expected: list[str]) -> None:
    assert [show(reading) for reading in read_comment_block(block.split("\n"))] == expected


@pytest.mark.parametrize(("block", "expected"), APART)
def test_lines_that_do_not_are_read_one_by_one(block: str, expected: list[str]) -> None:
    assert [show(reading) for reading in read_comment_block(block.split("\n"))] == expected


def test_offsets_are_clipped_to_the_line_on_which_the_claim_starts() -> None:
    first, second = "# (batch,", "#  frames)"
    (claim,) = read_comment_block([first, second])[0].claims

    assert first[claim.start : claim.end] == "(batch,"
    (moved,) = read_comment_block(["# mask of shape:", "# (B, T)"])[1].claims
    assert "# (B, T)"[moved.start : moved.end] == "(B, T)"


def test_no_lines_give_no_readings() -> None:
    assert read_comment_block([]) == ()
