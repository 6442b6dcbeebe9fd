#: run: main()
#: raises
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, d_in, d_model):
        super().__init__()
        self.proj = nn.Linear(d_in, d_model)

    def forward(self, x):
        return torch.relu(self.proj(x))


class Model(nn.Module):
    def __init__(self, d_in=20, d_model=64):
        super().__init__()
        self.encoder = Encoder(d_in, d_model)
        self.head = nn.Linear(d_in, 5)  # BUG

    def forward(self, x):
        return self.head(self.encoder(x))  # BUG


def main():
    return Model()(torch.rand(4, 20))  # BUG
