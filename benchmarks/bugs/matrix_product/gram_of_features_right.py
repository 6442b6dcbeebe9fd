#: run: gram(torch.rand(2, 3, 4, 5))
import torch


def gram(features):
    b, c, h, w = features.shape
    f = features.view(b, c, h * w)
    return f.bmm(f.transpose(1, 2)) / (c * h * w)
