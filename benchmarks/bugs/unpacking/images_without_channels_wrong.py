#: run: main()
#: raises
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        B, C, H, W = x.shape
        return self.fc(x.reshape(B, C * H * W))


def main():
    images = torch.rand(8, 28, 28)  # BUG
    return Net()(images)  # BUG
