#: run: EDSR()(torch.rand(1, 3, 8, 8))
#: raises
import torch
import torch.nn as nn


class ResBlock(nn.Module):
    def __init__(self, nf):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(nf, nf, 3, padding=1), nn.ReLU(True), nn.Conv2d(nf, nf, 3, padding=1))

    def forward(self, x):
        return x + self.body(x) * 0.1


class EDSR(nn.Module):
    def __init__(self, n_feats=64, n_blocks=4, scale=2, in_ch=3):
        super().__init__()
        self.head = nn.Conv2d(in_ch, n_feats, 3, padding=1)
        self.body = nn.Sequential(*[ResBlock(n_feats) for _ in range(n_blocks)])
        self.tail = nn.Sequential(
            nn.Conv2d(n_feats, n_feats * scale, 3, padding=1),  # BUG
            nn.PixelShuffle(scale),
            nn.Conv2d(n_feats, in_ch, 3, padding=1),
        )

    def forward(self, lr):
        # lr: (B, 3, H, W)
        x = self.head(lr)  # (B, n_feats, H, W)
        x = x + self.body(x)
        return self.tail(x)  # (B, 3, scale*H, scale*W)  # BUG
