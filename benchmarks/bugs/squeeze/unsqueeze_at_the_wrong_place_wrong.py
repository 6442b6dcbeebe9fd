#: run: add(torch.rand(2, 5, 6), torch.rand(2, 6))
#: raises
import torch


def add(tokens, context):
    """
    tokens: (B, T, D)
    context: (B, D)
    """
    return tokens + context.unsqueeze(2)  # BUG
