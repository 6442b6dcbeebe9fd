#: run: main()
#: differs
import torch


def main():
    B, nh, T, d = 2, 4, 6, 8
    y = torch.rand(B, nh, T, d)
    return y.flatten(2)  # (B, T, nh*d)  # BUG
