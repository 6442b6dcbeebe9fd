#: run: main()
#: differs
import torch
from torch import nn


def main():
    head = nn.Linear(32, 2)  # BUG
    score = head(torch.rand(8, 32)).squeeze(-1)  # BUG
    return score.mean()
