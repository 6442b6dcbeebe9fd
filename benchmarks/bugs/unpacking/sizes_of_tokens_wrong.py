#: run: halves(torch.rand(2, 3))
#: raises
import torch


def halves(ids):
    B, T = ids.shape
    x = ids[:, :, None] * torch.ones(8)
    B, T, H, D = x.shape  # BUG
    return x.view(B, T, 2, -1)
