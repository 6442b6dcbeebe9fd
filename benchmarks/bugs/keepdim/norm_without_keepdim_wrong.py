#: run: unit(torch.rand(4, 9))
#: raises
import torch


def unit(x):
    B, D = x.shape
    length = x.norm(dim=1)  # BUG
    return x / length  # BUG
