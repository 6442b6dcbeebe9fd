#: run: main()
import torch
from torch import nn


def main():
    gru = nn.GRU(10, 20, batch_first=True)
    x = torch.rand(3, 7, 10)
    h0 = torch.zeros(1, 3, 20)
    out, hn = gru(x, h0)
    return out
