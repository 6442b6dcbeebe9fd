#: run: main()
#: raises
import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self, z=100):
        super().__init__()
        self.fc = nn.Linear(z, 128 * 7 * 7)
        self.up = nn.ConvTranspose2d(128, 1, 4, stride=4)

    def forward(self, noise):
        x = self.fc(noise)
        x = x.view(noise.shape[0], 128, 8, 8)  # BUG
        return self.up(x)


def main():
    return Generator()(torch.randn(16, 100))  # BUG
