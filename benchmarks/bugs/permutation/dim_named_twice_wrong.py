#: run: swap(torch.rand(2, 3, 4, 5))
#: raises
import torch


def swap(x):
    B, T, H, D = x.shape
    return x.permute(0, 2, 2, 3)  # BUG
