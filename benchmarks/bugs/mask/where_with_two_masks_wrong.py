#: run: main()
#: raises
import torch


def main():
    scores = torch.rand(8, 10, 20)
    keep = torch.rand(8, 20) > 0.5
    scores = torch.where(keep.unsqueeze(2), scores, torch.zeros(()))  # BUG
    return scores.argmax(-1)
