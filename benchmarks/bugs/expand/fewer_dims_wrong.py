#: run: main()
#: raises
import torch


def main():
    mask = torch.ones(2, 1, 10)
    return mask.expand(8, 10)  # BUG
