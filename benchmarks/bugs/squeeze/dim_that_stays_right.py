#: run: main()
import torch
from torch import nn


def main():
    head = nn.Linear(32, 1)
    score = head(torch.rand(8, 32)).squeeze(-1)
    return score.mean()
