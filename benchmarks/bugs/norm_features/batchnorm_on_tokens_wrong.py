#: run: main()
#: raises
import torch
from torch import nn


def main():
    B, T, D = 4, 10, 32
    x = torch.rand(B, T, D)
    norm = nn.BatchNorm1d(D)
    y = norm(x)  # BUG
    return y
