#: run: shifted(torch.rand(2, 6, 9), torch.randint(0, 9, (2, 6)))
#: raises
import torch
import torch.nn.functional as F


def shifted(logits, ids):
    """
    logits: (B, T, V)
    ids: (B, T)
    """
    V = logits.shape[-1]
    logits = logits.reshape(-1, V)  # BUG
    return F.cross_entropy(logits, ids[:, 1:].reshape(-1))  # BUG
