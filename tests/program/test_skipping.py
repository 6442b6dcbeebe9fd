"""A block of an article survives the lines of it that are no Python."""

from __future__ import annotations

import pytest

from shapelint.program import CannotParse, lower
from tests.program.reading_back import attachments

ROWS = {
    "a call left open by its author": (
        "x = f()  # (B, C)\nx.view(.)  # -> error\ny = g()  # (B, D)\n",
        ["(B, C)", "(B, D)"],
        [2],
    ),
    "a shell prompt": ("$ pip install torch\nx = f()  # (B, C)\n", ["(B, C)"], [1]),
    "three dots": ("x = f()  # (B, C)\n...\n", ["(B, C)"], []),
    "a header that nothing follows": ("def f(x):\n\nx = g()  # (B, C)\n", ["(B, C)"], []),
    "a header that is no Python": ("def f(.):\n    x = g()  # (B, C)\n", ["(B, C)"], [1]),
    "prose": ("First we do this:\nx = g()  # (B, C)\nand that is all\n", ["(B, C)"], [1, 3]),
    "an indented rest of a body": ("x = f()  # (B, C)\n    y = g()  # (B, D)\nz = 1\n", ["(B, C)"], [2]),
    "a doctest": (">>> x = f()  # (B, C)\n>>> x.shape\ntorch.Size([2, 3])\n", ["(B, C)"], [3]),
    "a doctest with a block": (">>> for x in y:\n...     z = f()  # (B, C)\n", ["(B, C)"], []),
}


@pytest.mark.parametrize(("source", "claims", "skipped"), ROWS.values(), ids=ROWS.keys())
def test_the_rest_of_the_block_survives(source: str, claims: list[str], skipped: list[int]) -> None:
    module = lower(source, "a.md", open_names=True, first_line=11)
    shifted = "\n" * 10 + source
    assert [line.rpartition(") ")[0] + ")" for line in attachments(shifted, module)] == claims
    assert [line for line, _ in module.skipped] == [line + 10 for line in skipped]
    assert all(why for _, why in module.skipped)


def test_a_py_is_not_patched_up() -> None:
    with pytest.raises(CannotParse):
        lower("x.view(.)\n", "a.py")


def test_what_is_no_python_at_all_is_given_up() -> None:
    with pytest.raises(CannotParse):
        lower("\n".join(f"line {n} is no code" for n in range(100)), "a.md", open_names=True)
