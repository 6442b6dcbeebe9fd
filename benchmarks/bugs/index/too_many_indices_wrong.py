#: run: last(torch.rand(2, 5, 7))
#: raises
import torch


def last(states):
    B, T, D = states.shape
    return states[:, -1, :, 0]  # BUG
