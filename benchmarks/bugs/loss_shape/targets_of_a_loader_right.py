#: run: main()
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def main():
    x = torch.randn(256, 13)
    y = x @ torch.randn(13) + 0.1 * torch.randn(256)
    loader = DataLoader(TensorDataset(x, y), batch_size=64)
    model = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 1))
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(2):
        for xb, yb in loader:
            pred = model(xb)
            loss = criterion(pred.squeeze(1), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return loss
