#: run: split(torch.rand(2, 5, 12))
import torch
from einops import rearrange


def split(x):
    B, N, D = x.shape
    return rearrange(x, "b n (h d) -> b h n d", h=4)
