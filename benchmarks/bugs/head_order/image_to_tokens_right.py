#: run: tokens(torch.rand(2, 3, 4, 5))
import torch


def tokens(image):
    B, C, H, W = image.shape
    return image.flatten(2).transpose(1, 2)
