#: run: Router(8, 4)(torch.rand(3, 8))
#: differs
import torch
import torch.nn.functional as F
from torch import nn


class Router(nn.Module):
    def __init__(self, dim, experts):
        super().__init__()
        self.gate = nn.Linear(dim, experts)

    def forward(self, x):
        batch, dim = x.shape
        return F.softmax(self.gate(x), dim=0)  # BUG
