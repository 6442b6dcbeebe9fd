#: run: split(torch.rand(2, 5, 12))
#: raises
import torch
from einops import rearrange


def split(x):
    B, N, D = x.shape
    return rearrange(x, "b (h d) -> b h d", h=4)  # BUG
