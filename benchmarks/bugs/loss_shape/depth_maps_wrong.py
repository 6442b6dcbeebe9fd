#: run: depth_loss(torch.rand(4, 1, 5), torch.rand(4, 5))
#: differs
import torch
import torch.nn.functional as F


def depth_loss(predicted, target):
    """
    predicted: (B, 1, T)
    target: (B, T)
    """
    return F.l1_loss(predicted, target)  # BUG
