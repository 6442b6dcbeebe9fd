#: run: main()
#: raises
import torch


def main():
    x = torch.rand(4, 7, 30)
    pairs = x.reshape(4, 7, -1, 4)  # BUG
    return pairs.flip(-1).flatten(2)
