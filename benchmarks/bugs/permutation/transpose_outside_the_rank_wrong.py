#: run: ChannelsFirst(6)(torch.rand(2, 9, 6))
#: raises
import torch
from torch import nn


class ChannelsFirst(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = nn.Conv1d(dim, dim, 1)

    def forward(self, x):  # (B, T, dim)
        return self.conv(x.transpose(1, 3))  # BUG
