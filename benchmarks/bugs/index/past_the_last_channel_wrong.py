#: run: main()
#: raises
import torch


def main():
    images = torch.rand(4, 3, 16, 16)
    return images[:, 3]  # BUG
