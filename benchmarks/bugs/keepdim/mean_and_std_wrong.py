#: run: Norm(8)(torch.rand(2, 5, 8))
#: raises
import torch
from torch import nn


class Norm(nn.Module):
    def __init__(self, dim, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):  # (B, T, dim)
        mean = x.mean(-1, keepdim=True)
        var = x.var(-1)  # BUG
        return self.weight * (x - mean) / torch.sqrt(var + self.eps)  # BUG
