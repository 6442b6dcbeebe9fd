#: run: main()
#: raises
import torch


def main():
    x = torch.rand(2, 10, 768)
    heads = x.view(2, 10, 12, 96)  # BUG
    return heads.transpose(1, 2)
