"""Tensors that meet on two devices or of two dtypes: what is told with the rules SHP5 on, line by line."""

from __future__ import annotations

import pytest

from tests import linted

PROGRAM = """
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, D):
        super().__init__()
        self.fc = nn.Linear(D, D)
        self.conv = nn.Conv1d(D, D, 3)
        self.table = nn.Embedding(100, D)
        self.weight = nn.Parameter(torch.zeros(D))
        self.plain = torch.ones(D)
        self.moved = torch.ones(D)
        self.alone = torch.tensor(2.0)
        held = torch.zeros(D)
        self.register_buffer("held", held)
        self.first = self.weight * torch.ones(D)

    def ones(self, n):
        return torch.ones(n)

    def forward(self, x: torch.Tensor, ids: torch.Tensor):
        B, T, D = x.shape
        x = self.fc(x)
        self.moved = self.moved.to(x.device)
        ids = ids.view(B, T).long()
        {line}


def outside(x):
    B, T, D = x.shape
    return x + torch.ones(D)
"""

TOLD = (
    ("SHP501", "y = x + torch.zeros(D)"),
    ("SHP501", "y = torch.zeros(D) * x"),
    ("SHP501", "x += torch.randn(T, D)"),
    ("SHP501", "y = x @ torch.eye(D)"),
    ("SHP501", "y = torch.cat([x, torch.zeros(B, 1, D)], dim=1)"),
    ("SHP501", "y = torch.where(x > 0, x, torch.full((D,), 2.0))"),
    ("SHP501", "y = self.weight * torch.linspace(0, 1, D)"),
    ("SHP501", "y = self.table(torch.arange(T))"),
    ("SHP501", "y = self.fc(torch.rand(B, D))"),
    ("SHP501", "y = x.masked_fill(torch.ones(T, 1).tril() == 0, 0.0)"),
    ("SHP501", "y = x + torch.zeros(T, D).expand(B, -1, -1).unsqueeze(0).squeeze(0)"),
    ("SHP501", "y = x + self.ones(D)"),
    ("SHP501", "x[x > 0] = torch.zeros(B)"),
    ("SHP501", "y = torch.zeros(100, D)[ids]"),
    ("SHP502", "y = x + self.plain"),
    ("SHP502", "y = x * self.plain[None, :].relu()"),
    ("SHP502", "y = self.weight @ self.plain"),
    ("SHP503", "y = self.fc(x > 0)"),
    ("SHP503", "y = torch.rand(T, D, device=x.device) @ torch.ones(D, dtype=torch.int64, device=x.device)"),
    ("SHP503", "y = F.one_hot(ids, 10).matmul(torch.rand(10, D, device=x.device))"),
    ("SHP503", "y = self.conv((x > 0).transpose(1, 2))"),
    ("SHP503", "y = F.linear(ids, torch.rand(D, T, device=x.device))"),
)
NOT_TOLD = (
    "y = x + torch.zeros(D, device=x.device)",
    "y = x + torch.zeros(D).to(x.device)",
    "y = x + torch.zeros(D).to(x)",
    "y = x + torch.zeros(D).type_as(x)",
    "y = x + torch.zeros(D).cuda()",
    "y = x + x.new_zeros(D)",
    "y = x + torch.zeros_like(x)",
    "y = x + torch.tensor(3.0)",
    "y = x * self.alone",
    "y = x + self.held",
    "y = x + self.moved",
    "y = x + self.plain.to(x.device)",
    "y = torch.zeros(D) + torch.ones(D)",
    "y = x.expand_as(torch.zeros(B, T, D))",
    "y = x.cpu() + torch.zeros(D)",
    "y = x[torch.arange(B)]",
    "x[:, 0] = torch.zeros(D)",
    "y = torch.zeros(B, T, D)\n        y[:, 0] = x[:, 0]",
    "m = torch.ones(D)\n        if x.is_cuda:\n            m = m.cuda()\n        y = x + m",
    "kw = dict(device=x.device)\n        y = x + torch.zeros(D, **kw)",
    "with torch.device(x.device):\n            y = x + torch.zeros(D)",
    "torch.set_default_device('cuda')\n        y = x + torch.zeros(D)",
    "y = self.fc((x > 0).float())",
    "y = self.fc((x > 0).to(x.dtype))",
    "y = self.fc(x.half())",
    "y = x * (x > 0)",
    "y = F.one_hot(ids, 10).to(x) @ torch.rand(10, D, device=x.device)",
    "y = ids @ ids.transpose(0, 1)",
)


def told(line: str, opt_in: str | None) -> list[tuple[str, str]]:
    """The codes that are found, each with the text of its line."""
    text = PROGRAM.replace("{line}", line)
    lines = text.splitlines()
    return [(found.code, lines[found.line - 1].strip()) for found in linted.findings(text, opt_in=opt_in)]


@pytest.mark.parametrize(("code", "line"), TOLD)
def test_what_cannot_meet_is_told(code: str, line: str) -> None:
    assert told(line, "SHP5") == [(code, line)]


@pytest.mark.parametrize("line", NOT_TOLD)
def test_what_may_meet_is_not(line: str) -> None:
    assert told(line, "SHP5") == []


def test_the_rules_are_off_unless_selected() -> None:
    assert told("y = x + torch.zeros(D)", None) == []
