#: run: main()
import torch


def main():
    x = torch.rand(2, 10, 768)
    heads = x.view(2, 10, 12, 64)
    return heads.transpose(1, 2)
