#: run: tile(torch.rand(4, 7))
#: raises
import torch


def tile(x):
    B, D = x.shape
    return x.unsqueeze(1).repeat(1, 3)  # BUG
