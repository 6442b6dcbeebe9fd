#: run: main()
#: raises
import torch
from torch import nn


def main():
    gru = nn.GRU(10, 20, batch_first=True)
    x = torch.rand(3, 7, 10)
    h0 = torch.zeros(3, 1, 20)  # BUG
    out, hn = gru(x, h0)  # BUG
    return out
