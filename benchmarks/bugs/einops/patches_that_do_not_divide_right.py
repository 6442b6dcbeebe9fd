#: run: main()
import torch
from einops import rearrange


def main():
    images = torch.rand(4, 3, 30, 30)
    return rearrange(images, "b c (h p) (w q) -> b (h w) (p q c)", p=6, q=6)
