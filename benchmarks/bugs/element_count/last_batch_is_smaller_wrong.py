#: run: step(torch.rand(3, 28, 28))
#: raises
import torch


def step(images):
    B, H, W = images.shape
    return images.view(B, H * H * W)  # BUG
