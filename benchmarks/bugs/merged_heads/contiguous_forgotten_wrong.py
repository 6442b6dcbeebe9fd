#: run: Attention(16, 4)(torch.rand(2, 6, 16))
#: raises
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        assert dim % heads == 0
        self.heads, self.d = heads, dim // heads
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.heads, self.d).permute(2, 0, 3, 1, 4)
        y = (q @ k.transpose(-2, -1)).softmax(dim=-1) @ v
        y = y.transpose(1, 2)  # BUG
        return y.view(B, T, D)  # BUG
