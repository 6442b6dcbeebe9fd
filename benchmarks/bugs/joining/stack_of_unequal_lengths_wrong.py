#: run: main()
#: raises
import torch
import torch.nn.functional as F


def main():
    short = torch.zeros(10, 64)
    long = torch.ones(12, 64)
    short = F.pad(short, (0, 2, 0, 0))  # BUG
    return torch.stack([short, long])  # BUG
