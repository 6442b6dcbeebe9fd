#: run: Attention()(torch.rand(2, 5))
#: differs
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.softmax = nn.Softmax(dim=0)  # BUG

    def forward(self, scores):  # (B, T)
        return self.softmax(scores)  # BUG
