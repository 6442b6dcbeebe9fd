#: run: main()
#: raises
import torch


def main():
    x = torch.rand(10, 64)
    keep = torch.rand(12) > 0.5  # BUG
    return x[keep]  # BUG
