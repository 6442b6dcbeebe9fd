#: run: main()
#: raises
import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.decoder = nn.ConvTranspose2d(16, 1, 2, stride=2)

    def forward(self, x):
        return self.decoder(self.encoder(x))


def main():
    images = torch.rand(8, 3, 28, 28)  # BUG
    return Autoencoder()(images)  # BUG
