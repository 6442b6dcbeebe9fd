#: run: main()
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader


class NpyImages(Dataset):
    def __init__(self, n=16, size=32):
        self.images = np.random.randint(0, 255, (n, size, size, 3), dtype=np.uint8)
        self.labels = np.random.randint(0, 10, (n,))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        img = self.images[idx].astype(np.float32) / 255.0
        img = torch.from_numpy(img).permute(2, 0, 1)
        return img, int(self.labels[idx])


def build_model():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(32, 10),
    )


def main():
    loader = DataLoader(NpyImages(), batch_size=4)
    model = build_model()
    crit = nn.CrossEntropyLoss()
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for images, labels in loader:
        loss = crit(model(images), labels)
        opt.zero_grad()
        loss.backward()
        opt.step()
