"""What stands in for code that is not known contradicts no comment: the real code may give another shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from dynamic_programs import run

PROGRAM = """
import torch
from torch import nn


class Wrapped(nn.Module):
    def __init__(self, {parameter}, dim):
        super().__init__()
        self.inner = {made}
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        B, T, dim = x.shape
        h = self.inner({given})  # (B, T, 2, dim)
        return h
"""


@pytest.mark.parametrize(
    ("parameter", "made", "given", "contradicted"),
    [
        ("encoder", "encoder", "x", False),
        ("transform", "transform", "x", False),
        ("config", "config.encoder", "x", False),
        ("names", "getattr(nn, ''.join(['Iden', 'tity']))()", "x", True),
    ],
)
def test_only_code_that_is_known_contradicts(
    parameter: str, made: str, given: str, contradicted: bool, tmp_path: Path
) -> None:
    file = tmp_path / "wrapped.py"
    file.write_text(PROGRAM.format(parameter=parameter, made=made, given=given))

    report = run(file)

    assert [finding.dynamic for finding in report.findings] == ["confirmed"] * contradicted
