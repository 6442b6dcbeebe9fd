#: run: Causal(6)(torch.rand(2, 6, 9))
#: raises
import torch
import torch.nn.functional as F
from torch import nn


class Causal(nn.Module):
    def __init__(self, ch):
        super().__init__()
        self.conv = nn.Conv1d(ch, ch, 3)

    def forward(self, x):
        B, C, T = x.shape
        y = self.conv(x)  # BUG
        return x + y  # BUG
