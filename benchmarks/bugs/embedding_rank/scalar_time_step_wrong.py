#: run: TimeMLP(16)(torch.rand(4))
#: raises
import torch
from torch import nn


class TimeMLP(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(1, dim), nn.SiLU(), nn.Linear(dim, dim))

    def forward(self, t):  # (B,)
        return self.mlp(t[None, :])  # BUG
