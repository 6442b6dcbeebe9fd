#: run: scores(torch.rand(2, 5, 5), torch.rand(2, 5, 5))
#: differs
import torch


def scores(q, k):
    B, T, D = q.shape
    B, T, D = k.shape
    k = k.transpose(2, -1)  # BUG
    return q @ k  # BUG
