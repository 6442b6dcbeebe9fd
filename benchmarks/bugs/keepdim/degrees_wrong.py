#: run: normalize_adj(torch.rand(5, 5))
#: differs
import torch


def normalize_adj(A):
    """Row-normalise: D^-1 A, A is (N, N)."""
    N = A.shape[0]
    A = A + torch.eye(N)
    deg = A.sum(dim=1)
    return A / deg  # BUG
