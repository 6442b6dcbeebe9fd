#: run: attn(torch.rand(2, 6, 4, 8), torch.rand(2, 9, 4, 8), torch.rand(2, 9, 4, 8))
import torch


def attn(q, k, v):
    # q: (B, Lq, H, D), k/v: (B, Lk, H, D)
    scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / q.shape[-1] ** 0.5
    p = scores.softmax(dim=-1)
    return torch.einsum("bhqk,bkhd->bqhd", p, v)
