#: run: main()
#: differs
import torch


def main():
    T, B, D = 12, 4, 32
    states = torch.rand(T, B, D)
    states = states.reshape(B, T, D)  # BUG
    return states.mean(dim=1)  # (B, D)
