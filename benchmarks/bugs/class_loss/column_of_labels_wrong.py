#: run: main()
#: raises
import torch
from torch import nn


def main():
    criterion = nn.CrossEntropyLoss()
    logits = torch.randn(8, 10)
    labels = torch.randint(0, 10, (8, 1))
    return criterion(logits, labels)  # BUG
