#: run: Weighted(6)(torch.rand(4, 6), torch.rand(4))
#: differs
import torch
from torch import nn


class Weighted(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(dim, 8), nn.Tanh(), nn.Linear(8, 1))

    def forward(self, x, weight):
        """
        x: (B, dim)
        weight: (B,)
        """
        score = self.score(x)
        return (score * weight).sum()  # BUG
