#: run: Encoder(50, 16)(torch.randint(0, 50, (2, 7)))
#: raises
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, vocab, dim):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.rnn = nn.GRU(dim, dim, batch_first=True)

    def forward(self, ids):  # (B, T)
        x = self.embed(ids.unsqueeze(-1))  # BUG
        states, last = self.rnn(x)  # BUG
        return states
