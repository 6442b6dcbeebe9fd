#: run: main()
#: raises
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.fc = nn.Linear(features, classes)

    def forward(self, x):
        return self.fc(x)


def main():
    model = Model(features=30, classes=2)
    batch = torch.rand(30, 16)  # BUG
    return model(batch)  # BUG
