#: run: main()
#: raises
import torch
from torch import nn


def main():
    B, C, H, W = 2, 32, 8, 8
    image = torch.rand(B, C, H, W)
    project = nn.Linear(C, 64)
    tokens = image.flatten(2)  # BUG
    return project(tokens)  # (B, H*W, 64)  # BUG
