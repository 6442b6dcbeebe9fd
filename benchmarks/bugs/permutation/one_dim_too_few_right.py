#: run: main()
import torch


def main():
    images = torch.rand(8, 32, 32, 3)
    return images.permute(0, 3, 1, 2)
