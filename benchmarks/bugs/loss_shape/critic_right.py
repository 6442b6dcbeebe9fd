#: run: td_loss(Critic(3, 2), torch.rand(5, 3), torch.rand(5, 2), torch.rand(5), torch.rand(5, 3), torch.zeros(5))
import torch
import torch.nn as nn


class Critic(nn.Module):
    def __init__(self, obs_dim, act_dim):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(obs_dim + act_dim, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, obs, act):
        q = self.net(torch.cat([obs, act], dim=-1))
        return q.squeeze(-1)


def td_loss(critic, obs, act, rew, next_obs, done, gamma=0.99):
    """
    obs: (B, O); act: (B, A); rew: (B,); next_obs: (B, O); done: (B,)
    """
    with torch.no_grad():
        target = rew + gamma * (1 - done) * critic(next_obs, act)
    q = critic(obs, act)
    return ((q - target) ** 2).mean()
