#: run: gram(torch.rand(2, 3, 4, 5))
#: raises
import torch


def gram(features):
    b, c, h, w = features.shape
    f = features.view(b, c, h * w)
    return f.bmm(f) / (c * h * w)  # BUG
