#: run: Fusion(16, 8, 32)(torch.rand(4, 16), torch.rand(4, 8))
#: raises
import torch
from torch import nn


class Fusion(nn.Module):
    def __init__(self, image_dim, text_dim, hidden):
        super().__init__()
        self.image = nn.Linear(image_dim, hidden)
        self.text = nn.Linear(text_dim, hidden)
        self.head = nn.Linear(hidden, 2)  # BUG

    def forward(self, image, text):
        joint = torch.cat([self.image(image), self.text(text)], dim=-1)
        return self.head(joint)  # BUG
