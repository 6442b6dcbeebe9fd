#: run: main()
#: raises
import torch
from torch import nn


def main():
    lstm = nn.LSTM(16, 32, num_layers=2, batch_first=True)
    x = torch.rand(4, 10, 16)
    h = torch.zeros(1, 4, 32)  # BUG
    states, _ = lstm(x, (h, torch.zeros_like(h)))  # BUG
    return states
