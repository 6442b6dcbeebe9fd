#: run: halves(torch.rand(2, 3))
import torch


def halves(ids):
    B, T = ids.shape
    x = ids[:, :, None] * torch.ones(8)
    B, T, D = x.shape
    return x.view(B, T, 2, -1)
