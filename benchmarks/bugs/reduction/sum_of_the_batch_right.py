#: run: losses(torch.rand(4, 9))
import torch


def losses(errors):
    B, D = errors.shape
    per_sample = errors.pow(2).sum(dim=1)  # (B,)
    return per_sample
