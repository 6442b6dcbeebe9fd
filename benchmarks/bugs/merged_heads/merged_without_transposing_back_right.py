#: run: main()
import torch


def main():
    B, nh, T, d = 2, 4, 6, 8
    y = torch.rand(B, nh, T, d)
    return y.transpose(1, 2).reshape(B, T, nh * d)  # (B, T, nh*d)
