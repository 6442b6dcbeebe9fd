#: run: scores(torch.rand(2, 3, 5, 4), torch.rand(2, 3, 7, 4))
#: raises
import torch


def scores(q, k):
    """
    q: (B, H, T, D)
    k: (B, H, S, D)
    """
    return torch.einsum("bhtd,bhds->bhts", q, k)  # BUG
