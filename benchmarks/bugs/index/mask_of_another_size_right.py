#: run: main()
import torch


def main():
    x = torch.rand(10, 64)
    keep = torch.rand(10) > 0.5
    return x[keep]
