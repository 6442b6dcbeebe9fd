#: run: main()
import torch


def main():
    T, B, D = 12, 4, 32
    states = torch.rand(T, B, D)
    states = states.transpose(0, 1)
    return states.mean(dim=1)  # (B, D)
