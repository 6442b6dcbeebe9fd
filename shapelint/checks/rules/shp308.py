"""SHP308 write-into-an-expanded-tensor: a write in place into a tensor of which several rows are one in memory."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.EXPANDED)


RULE = Rule(
    code="SHP308",
    name="write-into-an-expanded-tensor",
    severity="error",
    since="0.1",
    what="A tensor that `expand` made larger is written to in place. Its rows are one row in memory.",
    why=(
        "PyTorch raises for most operations; where it does not, a write to one row changes all of them, "
        "and the tensor that was expanded."
    ),
    wrong=(
        """
import torch


def mark():
    row = torch.zeros(1, 8)
    table = row.expand(4, 8)
    table[0] = 1.0  # <- found
    return table
""",
    ),
    right=(
        """
import torch


def mark():
    row = torch.zeros(1, 8)
    table = row.repeat(4, 1)
    table[0] = 1.0
    return table
""",
    ),
    applies=applies,
)
