#: run: main()
#: raises
import torch
import torch.nn.functional as F


def similarity(a, b):
    a = F.normalize(a, dim=-1)
    b = F.normalize(b, dim=-1)
    return a @ b.transpose(0, 1)  # BUG


def main():
    left = torch.randn(4, 10, 32)
    right = torch.randn(4, 12, 32)
    return similarity(left, right)  # BUG
