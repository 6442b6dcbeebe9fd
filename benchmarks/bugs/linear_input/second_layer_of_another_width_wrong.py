#: run: MLP(16, 32)(torch.rand(4, 16))
#: raises
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(4 * hidden, dim)  # BUG

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))  # BUG
