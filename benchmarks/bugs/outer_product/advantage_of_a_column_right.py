#: run: Actor(4)(torch.rand(3, 4), torch.rand(3))
import torch
from torch import nn


class Actor(nn.Module):
    def __init__(self, obs):
        super().__init__()
        self.value = nn.Linear(obs, 1)

    def forward(self, states, returns):
        """
        states: (B, obs)
        returns: (B,)
        """
        baseline = self.value(states).squeeze(-1)
        advantage = returns - baseline
        return advantage.pow(2).mean()
