#: run: main()
#: raises
import torch
import torch.nn.functional as F


def main():
    B, T, K = 4, 9, 6
    scores = torch.randn(B, T, K)
    tags = torch.randint(0, K, (B, T))
    return F.nll_loss(scores.log_softmax(-1), tags)  # BUG
