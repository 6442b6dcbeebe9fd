#: run: ActorCritic(4, 2).loss(torch.rand(7, 4), torch.randint(0, 2, (7,)), torch.rand(7))
#: differs
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical


class ActorCritic(nn.Module):
    def __init__(self, obs_dim, n_actions):
        super().__init__()
        self.body = nn.Linear(obs_dim, 64)
        self.pi = nn.Linear(64, n_actions)
        self.v = nn.Linear(64, 1)

    def forward(self, obs):
        h = torch.tanh(self.body(obs))
        return self.pi(h), self.v(h)

    def loss(self, obs, actions, returns):
        # obs (T, obs_dim), actions (T,), returns (T,)
        logits, values = self(obs)
        adv = returns - values  # BUG
        dist = Categorical(logits=logits)
        pg = -(dist.log_prob(actions) * adv.detach()).mean()  # BUG
        return pg + 0.5 * adv.pow(2).mean()
