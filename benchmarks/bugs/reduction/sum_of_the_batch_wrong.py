#: run: losses(torch.rand(4, 9))
#: differs
import torch


def losses(errors):
    B, D = errors.shape
    per_sample = errors.pow(2).sum(dim=0)  # (B,)  # BUG
    return per_sample
