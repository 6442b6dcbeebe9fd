#: run: ResBlock(8, 16, 32)(torch.rand(2, 8, 4, 4), torch.rand(2, 32))
#: raises
import torch
import torch.nn as nn


class ResBlock(nn.Module):
    def __init__(self, in_ch, out_ch, time_dim):
        super().__init__()
        self.conv1 = nn.Conv2d(in_ch, out_ch, 3, padding=1)
        self.conv2 = nn.Conv2d(out_ch, out_ch, 3, padding=1)
        self.time_mlp = nn.Linear(time_dim, out_ch)
        self.act = nn.SiLU()
        self.skip = nn.Conv2d(in_ch, out_ch, 1)

    def forward(self, x, t):
        h = self.act(self.conv1(x))
        time_emb = self.act(self.time_mlp(t))
        h = h + time_emb  # BUG
        h = self.act(self.conv2(h))
        return h + self.skip(x)
