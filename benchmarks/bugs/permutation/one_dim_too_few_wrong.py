#: run: main()
#: raises
import torch


def main():
    images = torch.rand(8, 32, 32, 3)
    return images.permute(2, 0, 1)  # BUG
