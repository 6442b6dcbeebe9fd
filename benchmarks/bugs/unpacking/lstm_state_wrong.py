#: run: main()
#: raises
import torch
from torch import nn


def main():
    lstm = nn.LSTM(16, 32, batch_first=True)
    x = torch.rand(4, 10, 16)
    states, h, c = lstm(x)  # BUG
    return h[-1]
