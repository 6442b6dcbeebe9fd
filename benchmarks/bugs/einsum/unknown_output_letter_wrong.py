#: run: main()
#: raises
import torch


def main():
    x = torch.rand(4, 7, 16)
    w = torch.rand(16, 32)
    return torch.einsum("btd,de->btf", x, w)  # BUG
