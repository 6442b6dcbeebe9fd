#: run: Agent(6)(torch.rand(5, 6), torch.rand(5))
#: differs
import torch
from torch import nn


class Agent(nn.Module):
    def __init__(self, obs):
        super().__init__()
        self.value = nn.Linear(obs, 1)
        self.criterion = nn.SmoothL1Loss()

    def forward(self, states, returns):
        """
        states: (B, obs)
        returns: (B,)
        """
        values = self.value(states)  # (B, 1)
        return self.criterion(values, returns)  # BUG
