#: run: pooled(torch.rand(3, 6, 9).softmax(1), torch.rand(3, 9, 5))
import torch


def pooled(weights, values):
    """
    weights: (B, K, N)
    values: (B, N, D)
    """
    return torch.bmm(weights, values)
