#: run: main()
#: raises
import torch
from torch import nn


def main():
    net = nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 10))
    image = torch.rand(3, 8, 8)
    return net(image)  # BUG
