#: run: Unpatch(6)(torch.rand(2, 20, 6), 4, 5)
#: differs
import torch
from torch import nn


class Unpatch(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, H, W):
        B, N, C = x.shape
        x = self.proj(x)
        return x.reshape(B, C, H, W)  # BUG
