#: run: main()
#: raises
import torch
from torch import nn


def main():
    tokens = torch.rand(2, 96, 14, 14)
    norm = nn.LayerNorm(96)
    tokens = tokens.permute(0, 2, 1, 3)  # BUG
    return norm(tokens)  # BUG
