#: run: Mixer(12)(torch.rand(2, 9, 12))
#: raises
import torch
from torch import nn


class Mixer(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = nn.Conv1d(dim, dim, 3, padding=1)

    def forward(self, x):
        B, T, D = x.shape
        y = self.conv(x)  # BUG
        return y.transpose(1, 2) + x  # BUG
