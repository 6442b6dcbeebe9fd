#: run: main()
#: raises
import torch
import torch.nn.functional as F
from torch import nn


def main():
    backbone = nn.Conv2d(3, 64, 7, stride=4, padding=3)
    head = nn.Linear(64, 100)
    images = torch.rand(2, 3, 64, 64)
    features = backbone(images)  # (2, 64, 16, 16)
    pooled = F.adaptive_avg_pool2d(features, 2).flatten(1)  # BUG
    return head(pooled)  # BUG
