#: run: Gate(8)(torch.rand(2, 8))
#: raises
import torch
from torch import nn


class Gate(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        B, D = x.shape
        a, b = self.proj(x).chunk(3, dim=-1)  # BUG
        return a * torch.sigmoid(b)
