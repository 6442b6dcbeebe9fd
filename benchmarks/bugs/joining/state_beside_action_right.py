#: run: Critic(6, 2)(torch.rand(4, 6), torch.rand(4, 2))
import torch
from torch import nn


class Critic(nn.Module):
    def __init__(self, obs, act):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(obs + act, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, state, action):
        """
        state: (B, obs)
        action: (B, act)
        """
        return self.net(torch.cat([state, action], dim=-1))
