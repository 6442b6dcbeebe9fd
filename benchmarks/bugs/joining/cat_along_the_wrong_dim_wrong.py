#: run: join(torch.rand(2, 4, 8), torch.rand(2, 6, 8))
#: raises
import torch


def join(prefix, tokens):
    """
    prefix: (B, P, D)
    tokens: (B, T, D)
    """
    return torch.cat([prefix, tokens], dim=2)  # (B, P+T, D)  # BUG
