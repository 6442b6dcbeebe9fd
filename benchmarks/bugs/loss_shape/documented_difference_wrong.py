#: run: TD(4)(torch.rand(3, 4), torch.rand(3))
#: differs
import torch
from torch import nn


class TD(nn.Module):
    def __init__(self, obs):
        super().__init__()
        self.q = nn.Linear(obs, 1)

    def forward(
        self,
        states,  # (B, obs)
        rewards,  # (B,)
    ):
        error = rewards - self.q(states)  # BUG
        return error.pow(2).mean()
