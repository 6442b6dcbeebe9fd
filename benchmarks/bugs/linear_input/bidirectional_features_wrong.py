#: run: Tagger(100, 16, 12, 5)(torch.randint(0, 100, (3, 9)))
#: raises
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self, vocab, dim, hidden, tags):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(hidden, tags)  # BUG

    def forward(self, ids):  # (B, T)
        states, _ = self.lstm(self.embed(ids))
        return self.out(states)  # BUG
