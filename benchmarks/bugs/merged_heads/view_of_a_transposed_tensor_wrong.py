#: run: merge(torch.rand(2, 4, 6, 6), torch.rand(2, 4, 6, 8))
#: raises
import torch


def merge(weights, v):
    """
    weights: (B, nh, T, S)
    v: (B, nh, S, d)
    """
    B, nh, T, S = weights.shape
    d = v.shape[-1]
    y = (weights @ v).transpose(1, 2)
    return y.view(B, T, nh * d)  # BUG
