#: run: main()
#: raises
import torch
from torch import nn


class Cross(nn.Module):
    def __init__(self, dim, context_dim):
        super().__init__()
        self.q = nn.Linear(dim, dim)
        self.kv = nn.Linear(context_dim, 2 * dim)

    def forward(self, x, context):
        k, v = self.kv(context).chunk(2, dim=-1)
        return (self.q(x) @ k.transpose(1, 2)).softmax(-1) @ v


def main():
    layer = Cross(32, 48)
    x, context = torch.rand(2, 5, 32), torch.rand(2, 9, 48)
    return layer(context, x)  # BUG
