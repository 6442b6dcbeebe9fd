#: run: main()
#: raises
import torch


def stable_softmax(scores):
    top = scores.max(dim=-1).values  # BUG
    weights = torch.exp(scores - top)  # BUG
    return weights / weights.sum(dim=-1, keepdim=True)


def main():
    return stable_softmax(torch.randn(6, 10))  # BUG
