#: run: InfoNCE()(torch.rand(6, 16), torch.rand(6, 16))
import torch
import torch.nn as nn
import torch.nn.functional as F


class InfoNCE(nn.Module):
    def __init__(self, tau=0.07):
        super().__init__()
        self.tau = tau

    def forward(self, z1, z2):
        """z1, z2: (B, D) embeddings of the two views."""
        z1 = F.normalize(z1, dim=1)
        z2 = F.normalize(z2, dim=1)
        sim = z1 @ z2.T / self.tau  # (B, B)
        labels = torch.arange(z1.size(0))
        return F.cross_entropy(sim, labels)
