#: run: ConvNeXtBlock(16)(torch.rand(2, 16, 8, 8))
#: raises
import torch
import torch.nn as nn


class ConvNeXtBlock(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dwconv = nn.Conv2d(dim, dim, 7, padding=3, groups=dim)
        self.norm = nn.LayerNorm(dim)
        self.pwconv1 = nn.Linear(dim, 4 * dim)
        self.pwconv2 = nn.Linear(4 * dim, dim)

    def forward(self, x):
        shortcut = x
        x = self.dwconv(x)
        x = self.norm(x)  # BUG
        x = self.pwconv2(torch.nn.functional.gelu(self.pwconv1(x)))
        x = x.permute(0, 3, 1, 2)
        return shortcut + x
