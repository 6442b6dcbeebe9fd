"""SHP314 weights-of-another-dim: a product sums over another dim than the one along which its weights sum up to 1."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.PRODUCT)


RULE = Rule(
    code="SHP314",
    name="weights-of-another-dim",
    severity="warning",
    since="0.1",
    what=(
        "Scores are made weights by `softmax` along one dim, and a matrix product sums over another one, or `topk` "
        "chose them along another one. Or `normalize` makes both sides of a product of unit length along a dim over "
        "which it does not sum."
    ),
    why=(
        "The weights of a query then do not sum up to 1, and change with the other queries; the product of two vectors "
        "that have not the length 1 is no cosine. Mostly the dim is wrong, or the one that is taken by default."
    ),
    wrong=(
        """
import torch
from torch import nn


class Reading(nn.Module):
    def forward(self, q, k, v):  # (B, Q, D), (B, K, D), (B, K, D)
        scores = torch.bmm(q, k.transpose(1, 2))
        weights = scores.softmax(dim=1)  # <- found
        return torch.bmm(weights, v)
""",
        """
import torch.nn.functional as F


def similarity(a, b):
    '''
    a: (N, D)
    b: (M, D)
    '''
    a = F.normalize(a, dim=0)  # <- found
    b = F.normalize(b, dim=0)
    return a @ b.T
""",
    ),
    right=(
        """
import torch
from torch import nn


class Reading(nn.Module):
    def forward(self, q, k, v):  # (B, Q, D), (B, K, D), (B, K, D)
        scores = torch.bmm(q, k.transpose(1, 2))
        weights = scores.softmax(dim=-1)
        return torch.bmm(weights, v)
""",
        """
import torch.nn.functional as F


def similarity(a, b):
    '''
    a: (N, D)
    b: (M, D)
    '''
    a = F.normalize(a, dim=1)
    b = F.normalize(b, dim=1)
    return a @ b.T
""",
    ),
    applies=applies,
)
