#: run: split(torch.rand(2, 6, 16), 4)
#: differs
import torch


def split(x, nh):
    B, T, C = x.shape
    x = x.view(B, nh, T, C // nh)  # (B, nh, T, C//nh)  # BUG
    return x
