#: run: VAE(20)(torch.rand(4, 1, 28, 28))
#: raises
import torch
import torch.nn as nn
import torch.nn.functional as F


class VAE(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 4, stride=2, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 4, stride=2, padding=1)
        self.fc_mu = nn.Linear(32 * 7 * 7, latent)
        self.fc_var = nn.Linear(32 * 7 * 7, latent)
        self.fc_dec = nn.Linear(latent, 32 * 7 * 7)
        self.deconv1 = nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1)
        self.deconv2 = nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1)

    def encode(self, x):
        h = F.relu(self.conv2(F.relu(self.conv1(x))))
        h = h.view(h.size(0), -1)
        return self.fc_mu(h), self.fc_var(h)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def forward(self, x):
        mu, logvar = self.encode(x)
        z = self.reparameterize(mu, logvar)
        h = F.relu(self.fc_dec(z))
        h = h.view(-1, 32, 8, 8)  # BUG
        h = F.relu(self.deconv1(h))
        return torch.sigmoid(self.deconv2(h)), mu, logvar
