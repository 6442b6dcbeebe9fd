#: run: main()
#: raises
import torch


def attend(q, k, v):
    scores = q @ k.transpose(-2, -1)
    return scores.softmax(-1) @ v


def main():
    q = torch.rand(2, 7, 16)
    k = torch.rand(2, 9, 16)
    v = torch.rand(2, 9, 32)
    return attend(q, v, k)  # BUG
