#: run: Bilinear(4, 6)(torch.rand(3, 4), torch.rand(3, 6))
#: raises
import torch
from torch import nn


class Bilinear(nn.Module):
    def __init__(self, left, right):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(left, right))

    def forward(self, x, y):
        B, L = x.shape
        B, R = y.shape
        return torch.einsum("bl,blr,br->b", x, self.weight, y)  # BUG
