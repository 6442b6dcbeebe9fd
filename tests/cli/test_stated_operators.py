"""Operators that a configuration states, from the file to the finding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Project = Callable[[dict[str, str]], Path]
Run = Callable[..., tuple[int, str, str]]

PROGRAM = """\
import torch
from flash_attn import flash_attn_func
from mamba_ssm import Mamba
from torch import nn


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.mix = Mamba(d_model=dim)

    def forward(self, q, k, v):
        # q: (B, L, H, D), k and v: (B, S, H, D)
        out = flash_attn_func(q, k, v, causal=True)  # (B, {said}, D)
        return self.mix(out.flatten(2))  # (B, L, H*D)


def attend():
    return flash_attn_func(torch.zeros(2, 5, 4, 8), torch.zeros(2, 7, 4, 8), torch.zeros(2, {length}, 4, 8))
"""

STATED = """\
[tool.shapelint.operators]
"flash_attn.flash_attn_func" = "(B, L, H, D), (B, S, H, D), (B, S, H, D) -> (B, L, H, D)"
"mamba_ssm.Mamba" = "(B, L, D) -> (B, L, D)"
"""


def program(said: str = "L, H", length: int = 7) -> str:
    return PROGRAM.replace("{said}", said).replace("{length}", str(length))


def test_what_holds_as_stated_is_proved(project: Project, shapelint: Run) -> None:
    project({"pyproject.toml": STATED, "model.py": program()})
    status, out, _ = shapelint("model.py")
    assert (status, "2 proved" in out) == (0, True), out


def test_without_the_statement_it_is_open(project: Project, shapelint: Run) -> None:
    project({"model.py": program("H, L", 6)})
    status, out, _ = shapelint("model.py")
    assert (status, "0 proved" in out) == (0, True), out


def test_what_does_not_hold_as_stated_is_found(project: Project, shapelint: Run) -> None:
    project({"pyproject.toml": STATED, "model.py": program("H, L", 6)})
    status, out, _ = shapelint("model.py", "--output-format", "concise")
    assert status == 1
    assert "model.py:14:" in out
    assert "comment says (B, H, L, D), the code gives (B, L, H, D)" in out
    assert "model.py:19:" in out
    assert "S in (2, 7, 4, 8) is 7, in (2, 6, 4, 8) it is 6" in out


def test_another_statement_counts_at_once(project: Project, shapelint: Run) -> None:
    """Neither the cache nor what this process has read keeps an older one."""
    top = project({"pyproject.toml": STATED, "model.py": program()})
    assert shapelint("model.py")[0] == 0
    top.joinpath("pyproject.toml").write_text(STATED.replace("-> (B, L, H, D)", "-> (B, H, L, D)"), encoding="utf-8")
    status, out, _ = shapelint("model.py", "--output-format", "concise")
    assert (status, "the code gives (B, H, L, D)" in out) == (1, True), out


def test_a_statement_that_cannot_be_read_is_said(project: Project, shapelint: Run) -> None:
    project({"pyproject.toml": STATED.replace("(B, L, D) ->", "(B, L, D ->"), "model.py": program()})
    status, _, said = shapelint("model.py")
    assert status == 2
    assert 'pyproject.toml:1: operators: "mamba_ssm.Mamba": this bracket is not closed' in said
    assert "    (B, L, D -> (B, L, D)\n    ^" in said
