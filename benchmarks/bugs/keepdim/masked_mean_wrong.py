#: run: masked_mean(torch.rand(3, 7, 5), torch.ones(3, 7))
#: raises
import torch


def masked_mean(x, mask):
    """
    x: (B, T, D)
    mask: (B, T)
    """
    total = (x * mask.unsqueeze(-1)).sum(dim=1)
    count = mask.sum(dim=1)  # BUG
    return total / count  # BUG
