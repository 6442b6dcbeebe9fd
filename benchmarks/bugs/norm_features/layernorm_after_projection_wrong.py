#: run: Project(16, 48)(torch.rand(2, 5, 16))
#: raises
import torch
from torch import nn


class Project(nn.Module):
    def __init__(self, dim, out):
        super().__init__()
        self.proj = nn.Linear(dim, 3 * out)
        self.norm = nn.LayerNorm(out)  # BUG

    def forward(self, x):
        return self.norm(self.proj(x))  # BUG
