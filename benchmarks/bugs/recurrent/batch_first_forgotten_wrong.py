#: run: Classifier(8, 16, 3)(torch.rand(4, 9, 8))
#: differs
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, dim, hidden, classes):
        super().__init__()
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.head = nn.Linear(hidden, classes)

    def forward(self, x):
        B, T, D = x.shape
        states, last = self.gru(x)
        return self.head(states)  # (B, classes)  # BUG
