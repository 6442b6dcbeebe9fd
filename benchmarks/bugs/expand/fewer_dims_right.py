#: run: main()
import torch


def main():
    mask = torch.ones(2, 1, 10)
    return mask.expand(2, 8, 10)
