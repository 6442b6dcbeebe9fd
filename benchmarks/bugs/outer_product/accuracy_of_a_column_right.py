#: run: accuracy(torch.rand(5, 3), torch.ones(5))
import torch
from torch import nn


def accuracy(x, labels):
    """
    x: (B, D)
    labels: (B,)
    """
    head = nn.Linear(3, 1)
    predicted = (head(x) > 0).float()
    return (predicted.squeeze(1) == labels).float().mean()
