#: run: lookup(torch.randint(0, 9, (2, 7)))
#: differs
import torch
from torch import nn


def lookup(ids):
    B, T = ids.shape
    table = nn.Embedding(9, 4)
    x = table(ids)  # (B, T, 4)
    pooled = x.mean(dim=-1)  # (B, 4)  # BUG
    return pooled
