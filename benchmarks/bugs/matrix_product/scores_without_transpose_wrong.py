#: run: Scores(16)(torch.rand(2, 7, 16), torch.rand(2, 5, 16))
#: raises
import torch
from torch import nn


class Scores(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.scale = dim ** -0.5

    def forward(self, x, context):
        B, T, D = x.shape
        B, S, D = context.shape
        q, k = self.q(x), self.k(context)
        return (q @ k) * self.scale  # BUG
