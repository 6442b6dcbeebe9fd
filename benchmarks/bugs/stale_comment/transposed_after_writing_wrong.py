#: run: f(torch.rand(2, 5, 8))
#: comment
import torch


def f(x):
    B, T, D = x.shape
    y = x.transpose(1, 2)  # (B, T, D)  # BUG
    return y + 0
