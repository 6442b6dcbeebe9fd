#: run: grid(torch.rand(2, 12, 5), 3, 4)
#: raises
import torch


def grid(tokens, h, w):
    """
    tokens: (B, h*w, D)
    """
    B, N, D = tokens.shape
    return tokens.view(B, h, w, 2 * D)  # BUG
