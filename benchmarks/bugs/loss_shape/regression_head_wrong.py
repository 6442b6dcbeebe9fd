#: run: main()
#: differs
import torch
import torch.nn.functional as F
from torch import nn


def main():
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
    x, y = torch.randn(64, 10), torch.randn(64)
    prediction = model(x)  # BUG
    return F.mse_loss(prediction, y)  # BUG
