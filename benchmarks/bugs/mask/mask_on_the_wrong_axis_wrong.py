#: run: main()
#: raises
import torch


def main():
    B, T, D = 4, 12, 16
    x = torch.rand(B, T, D)
    mask = torch.ones(B, T)
    return (x * mask.unsqueeze(1)).sum(1)  # BUG
