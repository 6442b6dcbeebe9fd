#: run: main()
#: raises
import torch
from torch import nn


def main():
    conv = nn.Conv2d(3, 16, 3, padding=1)
    images = torch.rand(4, 64, 64, 3)
    return conv(images)  # BUG
