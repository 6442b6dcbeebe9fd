#: run: Heads(16, 4)(torch.rand(2, 6, 16))
#: differs
import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads, self.d = heads, dim // heads
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        B, L, D = x.shape
        return self.q(x).view(B, self.heads, L, self.d)  # BUG
