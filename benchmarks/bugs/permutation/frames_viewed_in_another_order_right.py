#: run: Frames(4)(torch.rand(2, 6, 5))
import torch
from torch import nn


class Frames(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.head = nn.LazyLinear(width)

    def forward(self, x):
        batch, frames, features = x.shape
        flat = x.transpose(1, 2).reshape(batch, features * frames)
        return self.head(flat)
