#: run: accuracy(torch.rand(6, 4), torch.randint(0, 4, (6,)))
#: raises
import torch


def accuracy(logits, labels):
    """
    logits: (B, K)
    labels: (B,)
    """
    predicted = logits.argmax(dim=0)  # BUG
    return (predicted == labels).float().mean()  # BUG
