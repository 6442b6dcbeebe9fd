#: run: Patch(4, 16)(torch.rand(2, 3, 8, 8))
#: comment
import torch
from torch import nn


class Patch(nn.Module):
    def __init__(self, ps, dim):
        super().__init__()
        self.ps = ps
        self.proj = nn.Conv2d(3, dim, ps, stride=ps)

    def forward(self, x):
        B, C, H, W = x.shape
        x = self.proj(x)  # (B, dim, H*ps, W*ps)  # BUG
        return x.flatten(2).transpose(1, 2)
