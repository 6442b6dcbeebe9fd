#: run: f(torch.rand(2, 3, 4, 5))
#: comment
import torch


def f(image):
    B, C, H, W = image.shape
    h = image.flatten(2)  # (B, C, H, W)  # BUG
    return h + 0
