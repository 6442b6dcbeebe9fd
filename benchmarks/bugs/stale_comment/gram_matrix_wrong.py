#: run: f(torch.rand(2, 3, 4, 4))
#: comment
import torch


def f(image):
    B, C, H, W = image.shape
    rows = image.flatten(2)
    return rows @ rows.transpose(1, 2)  # (B, H*W, H*W)  # BUG
