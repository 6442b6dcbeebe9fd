#: run: main()
#: raises
import torch
from einops import rearrange


def main():
    tokens = torch.rand(2, 64, 128)
    return rearrange(tokens, "b (h w) c -> b c h", h=8)  # BUG
