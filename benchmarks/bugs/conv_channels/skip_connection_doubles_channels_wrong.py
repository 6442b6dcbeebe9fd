#: run: Decoder(8)(torch.rand(2, 16, 4, 4), torch.rand(2, 8, 8, 8))
#: raises
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, ch):
        super().__init__()
        self.up = nn.ConvTranspose2d(2 * ch, ch, 2, stride=2)
        self.conv = nn.Conv2d(ch, ch, 3, padding=1)  # BUG

    def forward(self, x, skip):
        """
        x: (B, 2*ch, h, w)
        skip: (B, ch, 2*h, 2*w)
        """
        x = torch.cat([self.up(x), skip], dim=1)
        return self.conv(x)  # BUG
