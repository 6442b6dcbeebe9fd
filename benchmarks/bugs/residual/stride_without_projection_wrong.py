#: run: main()
#: raises
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, ch, stride):
        super().__init__()
        self.conv = nn.Conv2d(ch, ch, 3, stride=stride, padding=1)

    def forward(self, x):
        return x + self.conv(x)  # BUG


def main():
    block = Block(16, stride=2)  # BUG
    return block(torch.rand(2, 16, 8, 8))
