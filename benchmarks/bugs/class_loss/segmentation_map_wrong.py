#: run: main()
#: raises
import torch
import torch.nn.functional as F
from torch import nn


def main():
    net = nn.Conv2d(3, 21, 1)
    images = torch.rand(2, 3, 32, 32)
    target = torch.randint(0, 21, (2, 1, 32, 32))  # BUG
    return F.cross_entropy(net(images), target)  # BUG
