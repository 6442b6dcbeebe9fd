#: run: split(torch.rand(2, 6, 16), 4)
import torch


def split(x, nh):
    B, T, C = x.shape
    x = x.view(B, T, nh, C // nh).transpose(1, 2)  # (B, nh, T, C//nh)
    return x
