#: run: CrossAttention(16)(torch.rand(2, 4, 16), torch.rand(2, 9, 16))
#: differs
import torch
import torch.nn as nn


class CrossAttention(nn.Module):
    """Queries attend to a memory."""

    def __init__(self, d):
        super().__init__()
        self.q = nn.Linear(d, d)
        self.k = nn.Linear(d, d)
        self.v = nn.Linear(d, d)
        self.d = d

    def forward(self, queries, memory):
        q = self.q(queries)   # [B, Lq, D]
        k = self.k(memory)    # [B, Lk, D]
        v = self.v(memory)    # [B, Lk, D]
        energy = torch.bmm(q, k.permute(0, 2, 1)) / self.d ** 0.5  # [B, Lq, Lk]
        weights = torch.softmax(energy, dim=1)  # BUG
        return torch.bmm(weights, v)  # [B, Lq, D]
