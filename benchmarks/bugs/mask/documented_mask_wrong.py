#: run: bias(torch.zeros(2, 6))
#: differs
import torch


def bias(mask):  # (B, S)
    mask = (1.0 - mask) * -10000.0
    mask = mask[:, None, :]  # (B, 1, 1, S)  # BUG
    return mask
