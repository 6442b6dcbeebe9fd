#: run: PointNet()(torch.rand(2, 20, 3))
#: raises
import torch
import torch.nn as nn
import torch.nn.functional as F


class TNet(nn.Module):
    def __init__(self, k=3):
        super().__init__()
        self.k = k
        self.conv1 = nn.Conv1d(k, 64, 1)
        self.conv2 = nn.Conv1d(64, 1024, 1)
        self.fc1 = nn.Linear(1024, 256)
        self.fc2 = nn.Linear(256, k * k)

    def forward(self, x):
        B = x.size(0)
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = torch.max(x, 2)[0]
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        iden = torch.eye(self.k, device=x.device).flatten().unsqueeze(0).repeat(B, 1)
        return (x + iden).view(-1, self.k, self.k)


class PointNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.tnet = TNet(3)
        self.conv = nn.Conv1d(3, 64, 1)
        self.fc = nn.Linear(64, classes)

    def forward(self, pts):
        # pts: (B, N, 3)
        x = pts.transpose(1, 2)  # (B, 3, N)
        trans = self.tnet(x)  # (B, 3, 3)
        x = torch.bmm(x, trans)  # (B, 3, N)  # BUG
        x = F.relu(self.conv(x))
        x = x.max(dim=-1).values
        return self.fc(x)
