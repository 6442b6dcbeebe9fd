"""What PyTorch says of one call leads to the next: other dummies, other sizes, or the operation that is to blame."""

from __future__ import annotations

from pathlib import Path

import pytest
from dynamic_programs import run

DECODER = """
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, words, emb_dim, hid_dim, dropout):
        super().__init__()
        self.embedding = nn.Embedding(words, emb_dim)
        self.rnn = nn.GRU(emb_dim, hid_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids, hidden):
        # ids = [batch size]
        # hidden = [1, batch size, hid dim]
        ids = ids.unsqueeze(1)
        # ids = [1, batch size]
        embedded = self.dropout(self.embedding(ids))
        # embedded = [1, batch size, emb dim]
        return self.rnn(embedded, hidden)
"""

CRITIC = """
import torch
from torch import nn


class Critic(nn.Module):
    def __init__(self, obs, act):
        super().__init__()
        self.net = nn.Linear(obs + act, 1)

    def forward(self, state, action):
        \"\"\"
        state: (B, obs)
        action: (B, act)
        \"\"\"
        return self.net(torch.cat([state, action], dim=0))
"""

EQUATED = """
import torch
import torch.nn.functional as F


def dice(logits, target, k):
    \"\"\"
    logits: (B, K, H, W)
    target: (B, H, W)
    \"\"\"
    return logits * F.one_hot(target, k)
"""

VIEWED = """
import torch


def count(x):
    x = x.reshape(4, 9)
    return torch.arange(x.shape[2])
"""


@pytest.mark.parametrize(
    ("program", "codes"),
    [
        (DECODER, ["SHP103", "SHP103", "SHP301"]),  # no guess for `dropout` helps, and none is kept
        (CRITIC, ["SHP205", "SHP301"]),  # where the names are equal the layer around it still fails, and nothing else
        (EQUATED, ["SHP301"]),  # all that the product asks is tried at once
        (VIEWED, ["SHP206"]),  # the input is of as many elements as the view
    ],
    ids=["decoder", "critic", "equated", "viewed"],
)
def test_it_is_confirmed(program: str, codes: list[str], tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(program)

    report = run(file)

    assert sorted(finding.code for finding in report.findings) == codes
    assert {finding.dynamic for finding in report.findings} == {"confirmed"}
