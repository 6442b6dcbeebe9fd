#: run: count(torch.rand(4, 9))
#: raises
import torch


def count(x):
    x = x.reshape(4, 9)
    return torch.arange(x.shape[2])  # BUG
