#: run: Scale(8)(torch.rand(2, 8, 4, 6))
#: raises
import torch
import torch.nn.functional as F
from torch import nn


class Scale(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        B, C, H, W = x.shape
        y = F.instance_norm(x)
        return y * self.gamma.view(1, 1, C, 1)  # BUG
