"""SHP317 batch-in-the-place-of-the-sequence: a layer that takes the batch second is given it first."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.BATCH_FIRST)


RULE = Rule(
    code="SHP317",
    name="batch-in-the-place-of-the-sequence",
    severity="warning",
    since="0.1",
    what=(
        "A recurrent layer, `nn.MultiheadAttention` or a layer of a `nn.Transformer`, made without "
        "`batch_first=True`, is given a tensor whose first dim is called the batch."
    ),
    why=(
        "It takes (sequence, batch, features) then. It runs all the same and gives the right shape, but goes along the "
        "batch: each sample depends on the others that come with it."
    ),
    wrong=(
        """
from torch import nn


class Reader(nn.Module):
    def __init__(self, vocab, width):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.lstm = nn.LSTM(width, width)

    def forward(self, ids):  # (batch, time)
        h, _ = self.lstm(self.embed(ids))  # <- found
        return h[:, -1]
""",
    ),
    right=(
        """
from torch import nn


class Reader(nn.Module):
    def __init__(self, vocab, width):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.lstm = nn.LSTM(width, width, batch_first=True)

    def forward(self, ids):  # (batch, time)
        h, _ = self.lstm(self.embed(ids))
        return h[:, -1]
""",
    ),
    applies=applies,
)
