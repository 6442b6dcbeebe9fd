#: run: main()
#: raises
import torch
from torch import nn


class PointNet(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(3, width), nn.ReLU(), nn.Linear(width, width))
        self.head = nn.Linear(width, 10)

    def forward(self, points):
        B, N, _ = points.shape
        h = self.mlp(points)
        h = h.max(dim=-1).values  # BUG
        return self.head(h)  # BUG


def main():
    return PointNet(64)(torch.rand(8, 1024, 3))  # BUG
