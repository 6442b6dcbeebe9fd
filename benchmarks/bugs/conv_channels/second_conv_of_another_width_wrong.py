#: run: Stem(16)(torch.rand(2, 3, 8, 8))
#: raises
import torch
from torch import nn


class Stem(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1)
        self.conv2 = nn.Conv2d(2 * width, 2 * width, 3, padding=1)  # BUG

    def forward(self, x):
        return self.conv2(torch.relu(self.conv1(x)))  # BUG
