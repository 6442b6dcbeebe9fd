#: run: main()
#: raises
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(784, 512),
            nn.ReLU(),
            nn.Linear(512, 256),
            nn.ReLU(),
            nn.Linear(128, 10),  # BUG
        )

    def forward(self, x):
        return self.layers(x.flatten(1))  # BUG


def main():
    return Net()(torch.rand(8, 1, 28, 28))
