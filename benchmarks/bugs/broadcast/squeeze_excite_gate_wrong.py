#: run: SE(8)(torch.rand(2, 8, 5, 7))
#: raises
import torch
from torch import nn


class SE(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, channels)

    def forward(self, x):  # (B, channels, H, W)
        gate = torch.sigmoid(self.fc(x.mean(dim=(2, 3))))
        return x * gate  # BUG
