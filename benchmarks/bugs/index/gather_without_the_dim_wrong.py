#: run: chosen(torch.rand(4, 6), torch.randint(0, 6, (4,)))
#: raises
import torch


def chosen(q, actions):
    """
    q: (B, A)
    actions: (B,)
    """
    return q.gather(1, actions)  # BUG
