"""SHP207 unpacking-of-another-number: the number of names is not that of the dims or pieces unpacked."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.UNPACK)


RULE = Rule(
    code="SHP207",
    name="unpacking-of-another-number",
    severity="error",
    since="0.1",
    what=(
        "A shape, or what `chunk`, `split` or another call gives, is unpacked into another number of names "
        "than it has parts."
    ),
    why="It raises each time the line is reached, and tells that the author had another tensor in mind.",
    wrong=(
        """
import torch


def tokens():
    images = torch.rand(8, 3, 32, 32)
    B, C, L = images.shape  # <- found
    return images.view(B, C, L)
""",
        """
import torch


def split():
    qkv = torch.rand(2, 10, 3 * 64)
    q, k = qkv.chunk(3, dim=-1)  # <- found
    return q @ k.transpose(1, 2)
""",
    ),
    right=(
        """
import torch


def tokens():
    images = torch.rand(8, 3, 32, 32)
    B, C, L = images.flatten(2).shape
    return images.view(B, C, L)
""",
        """
import torch


def split():
    qkv = torch.rand(2, 10, 3 * 64)
    q, k, v = qkv.chunk(3, dim=-1)
    return q @ k.transpose(1, 2)
""",
    ),
    applies=applies,
)
