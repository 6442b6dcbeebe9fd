#: run: main()
#: raises
import torch
from torch import nn


def main():
    features = torch.rand(4, 512, 7, 7)
    head = nn.Linear(512, 10)
    pooled = features.mean(dim=(1, 2))  # BUG
    return head(pooled)  # BUG
