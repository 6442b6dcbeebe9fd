#: run: Decoder(6, 8)(torch.rand(2, 6))
#: raises
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.cell = nn.GRUCell(dim, hidden)
        self.out = nn.Linear(hidden, dim)

    def forward(self, x):  # (B, dim)
        h = x.new_zeros(x.shape[0], self.cell.hidden_size)
        h = self.cell(x, h)
        return self.out(torch.cat([x, h], dim=-1))  # BUG
