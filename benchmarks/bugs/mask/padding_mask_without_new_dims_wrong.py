#: run: attend(torch.rand(2, 4, 7, 7), torch.zeros(2, 7).bool())
#: raises
import torch


def attend(scores, padding):
    """
    scores: (B, h, T, T)
    padding: (B, T)
    """
    scores = scores.masked_fill(padding, float("-inf"))  # BUG
    return scores.softmax(dim=-1)
