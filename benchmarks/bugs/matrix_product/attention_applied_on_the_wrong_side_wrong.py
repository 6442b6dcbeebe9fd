#: run: attend(torch.rand(2, 4, 7, 8), torch.rand(2, 4, 5, 8), torch.rand(2, 4, 5, 8))
#: raises
import torch


def attend(q, k, v):
    """Scaled dot product attention.

    q: (B, h, T, d)
    k: (B, h, S, d)
    v: (B, h, S, d)
    """
    weights = (q @ k.transpose(-2, -1)).softmax(dim=-1)
    return v @ weights  # BUG
