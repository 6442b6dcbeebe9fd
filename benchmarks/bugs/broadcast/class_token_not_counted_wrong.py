#: run: ViT(16, 10)(torch.rand(2, 10, 16))
#: raises
import torch
from torch import nn


class ViT(nn.Module):
    def __init__(self, dim, n_patches):
        super().__init__()
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, n_patches, dim))  # BUG
        self.n_patches = n_patches

    def forward(self, x):
        B, N, D = x.shape
        assert N == self.n_patches
        x = torch.cat([self.cls.expand(B, -1, -1), x], dim=1)
        return x + self.pos  # BUG
