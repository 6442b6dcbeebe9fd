#: run: Block(8, 16)(torch.rand(2, 8, 5, 5))
#: raises
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, c_in, c_out):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 3, padding=1)
        self.norm = nn.BatchNorm2d(2 * c_out)  # BUG

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))  # BUG
