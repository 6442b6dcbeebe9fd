#: run: AttentionPool(6)(torch.rand(2, 4, 6), torch.ones(2, 4, dtype=torch.bool))
#: differs
import torch
import torch.nn as nn


class AttentionPool(nn.Module):
    def __init__(self, dim, hidden=64):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(dim, hidden), nn.Tanh(), nn.Linear(hidden, 1))

    def forward(self, h, mask):
        # h: (B, T, D)
        # mask: (B, T)
        s = self.score(h)  # (B, T, 1)
        s = s.masked_fill(~mask.unsqueeze(-1), float("-inf"))
        a = torch.softmax(s, dim=-1)  # (B, T, 1)  # BUG
        return (a * h).sum(dim=1)  # (B, D)
