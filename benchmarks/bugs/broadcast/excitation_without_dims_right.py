#: run: main()
import torch
from torch import nn


class Excitation(nn.Module):
    def __init__(self, channels, ratio=4):
        super().__init__()
        self.fc = nn.Sequential(
            nn.Linear(channels, channels // ratio),
            nn.ReLU(),
            nn.Linear(channels // ratio, channels),
            nn.Sigmoid(),
        )

    def forward(self, x):
        b, c, _, _ = x.shape
        weights = self.fc(x.mean(dim=(2, 3)))
        return x * weights[:, :, None, None]


def main():
    return Excitation(16)(torch.rand(2, 16, 8, 10))
