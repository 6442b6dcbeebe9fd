#: run: Stack(8, 3)(torch.rand(2, 8))
#: raises
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(dim, 2 * dim)  # BUG

    def forward(self, x):
        return torch.relu(self.fc(x))


class Stack(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.blocks = nn.ModuleList([Block(dim) for _ in range(3)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)  # BUG
        return x
