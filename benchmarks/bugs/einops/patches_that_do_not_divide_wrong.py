#: run: main()
#: raises
import torch
from einops import rearrange


def main():
    images = torch.rand(4, 3, 28, 28)  # BUG
    return rearrange(images, "b c (h p) (w q) -> b (h w) (p q c)", p=6, q=6)  # BUG
