#: run: accuracy(torch.randn(5, 3), torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0]))
import torch
from torch import nn


def accuracy(x, labels):
    """
    x: (B, D)
    labels: (B,)
    """
    B, D = x.shape
    head = nn.Linear(D, 1)
    scores = head(x)
    predicted = (scores > scores.median()).float()
    return (predicted.squeeze(1) == labels).float().mean()
