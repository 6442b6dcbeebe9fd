#: run: Prepend(8)(torch.rand(3, 5, 8))
#: raises
import torch
from torch import nn


class Prepend(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))

    def forward(self, x):
        B, N, D = x.shape
        cls = self.cls  # BUG
        return torch.cat([cls, x], dim=1)  # BUG
