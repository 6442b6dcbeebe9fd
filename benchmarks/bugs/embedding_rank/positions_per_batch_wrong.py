#: run: Embed(50, 20, 16)(torch.randint(0, 50, (2, 7)))
#: raises
import torch
from torch import nn


class Embed(nn.Module):
    def __init__(self, vocab, length, dim):
        super().__init__()
        self.token = nn.Embedding(vocab, dim)
        self.position = nn.Embedding(length, dim)

    def forward(self, ids):
        B, T = ids.shape
        positions = torch.arange(B)  # BUG
        return self.token(ids) + self.position(positions)  # BUG
