#: run: main()
#: raises
import torch
import torch.nn.functional as F
from torch import nn


class Res(nn.Module):
    def __init__(self, ch):
        super().__init__()
        self.norm = nn.GroupNorm(8, ch)
        self.conv = nn.Conv2d(ch, ch, 3, padding=1)

    def forward(self, x):
        return x + self.conv(F.silu(self.norm(x)))


def main():
    block = Res(60)  # BUG
    return block(torch.rand(1, block.conv.in_channels, 8, 8))
