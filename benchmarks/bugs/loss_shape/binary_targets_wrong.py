#: run: main()
#: raises
import torch
import torch.nn.functional as F
from torch import nn


def main():
    logits = nn.Linear(20, 1)(torch.randn(32, 20))
    labels = torch.randint(0, 2, (32,)).float()
    return F.binary_cross_entropy_with_logits(logits, labels)  # BUG
