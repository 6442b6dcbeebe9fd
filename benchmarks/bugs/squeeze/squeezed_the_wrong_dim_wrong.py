#: run: main()
#: raises
import torch


def main():
    x = torch.rand(8, 1, 20)
    x = x.squeeze(2)  # BUG
    B, D = x.shape  # BUG
    return x
