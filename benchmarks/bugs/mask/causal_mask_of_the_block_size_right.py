#: run: main()
import torch
from torch import nn


class Causal(nn.Module):
    def __init__(self, block_size):
        super().__init__()
        self.register_buffer("mask", torch.tril(torch.ones(block_size, block_size)))

    def forward(self, scores):
        B, T, T = scores.shape
        mask = self.mask[:T, :T]
        return scores.masked_fill(mask == 0, float("-inf"))


def main():
    return Causal(block_size=32)(torch.rand(2, 9, 9))
