#: run: combine(torch.rand(4, 5), torch.rand(4))
#: differs
import torch


def combine(features, gains):
    """
    features: (B, D)
    gains: (B,)
    """
    w = torch.ones(5, 1)
    column = features @ w
    return (column * gains).mean()  # BUG
