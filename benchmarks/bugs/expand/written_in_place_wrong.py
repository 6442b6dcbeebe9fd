#: run: main()
#: raises
import torch


def main():
    base = torch.zeros(1, 6)
    table = base.expand(3, 6)  # BUG
    table += torch.arange(3.0)[:, None]  # BUG
    return table
