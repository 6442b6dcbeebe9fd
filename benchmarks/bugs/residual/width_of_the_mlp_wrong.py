#: run: FeedForward(8, 32)(torch.rand(2, 5, 8))
#: raises
import torch
import torch.nn.functional as F
from torch import nn


class FeedForward(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x):  # (B, T, dim)
        return x + F.gelu(self.up(x))  # BUG
