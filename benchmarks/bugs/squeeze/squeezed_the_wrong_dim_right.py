#: run: main()
import torch


def main():
    x = torch.rand(8, 1, 20)
    x = x.squeeze(1)
    B, D = x.shape
    return x
