#: run: score(torch.rand(3, 6))
#: differs
import torch


def score(x):
    B, D = x.shape
    total = x.sum(dim=1, keepdim=True)  # (B,)  # BUG
    return total
