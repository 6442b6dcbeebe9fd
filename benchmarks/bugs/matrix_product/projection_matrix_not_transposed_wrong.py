#: run: main()
#: raises
import torch
from torch import nn


class LowRank(nn.Module):
    def __init__(self, d_in, d_out, rank):
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, d_in))
        self.up = nn.Parameter(torch.randn(d_out, rank))

    def forward(self, x):
        return x @ self.down.t() @ self.up  # BUG


def main():
    layer = LowRank(64, 32, 4)
    return layer(torch.randn(8, 64))  # BUG
