#: run: Pool(6)(torch.rand(2, 9, 6))
#: raises
import torch
from torch import nn


class Pool(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.score = nn.Linear(dim, 1)

    def forward(self, x):
        B, T, D = x.shape
        weights = self.score(x).squeeze(-1).softmax(dim=1)  # BUG
        return (weights * x).sum(dim=1)  # BUG
