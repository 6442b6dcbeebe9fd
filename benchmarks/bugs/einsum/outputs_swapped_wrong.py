#: run: apply(torch.rand(2, 3, 5, 5), torch.rand(2, 5, 3, 4))
#: differs
import torch


def apply(weights, v):
    B, H, T, S = weights.shape
    B, S, H, D = v.shape
    return torch.einsum("bhts,bshd->bhtd", weights, v)  # (B, T, H, D)  # BUG
