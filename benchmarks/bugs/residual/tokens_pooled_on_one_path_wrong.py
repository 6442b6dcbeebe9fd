#: run: main()
#: raises
import torch
import torch.nn.functional as F


def main():
    B, T, D = 2, 8, 16
    x = torch.rand(B, T, D)
    pooled = F.avg_pool1d(x.transpose(1, 2), 2).transpose(1, 2)
    half = x[:, :-1]  # BUG
    return half + pooled  # BUG
