#: run: main()
#: raises
import torch
import torch.nn.functional as F


def main():
    B, K = 8, 5
    labels = torch.randint(0, K, (B,))
    targets = F.one_hot(labels, K).float()
    scores = torch.rand(B, K)
    return F.binary_cross_entropy_with_logits(scores, labels.float())  # BUG
