#: run: Head(8, 5)(torch.rand(4, 8, 3, 3))
#: raises
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.fc = nn.Linear(channels * 9, classes)

    def forward(self, x):  # (B, channels, 3, 3)
        flat = x.flatten()  # BUG
        return self.fc(flat)  # BUG
