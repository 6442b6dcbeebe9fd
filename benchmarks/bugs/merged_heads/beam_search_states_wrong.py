#: run: beams(torch.rand(5, 2, 3, 4))
#: raises
import torch


def beams(states):
    L, B, K, D = states.shape
    cache = torch.tanh(states.contiguous())
    cache = cache.permute(1, 2, 0, 3)
    return cache.view(B * K, L * D)  # BUG
