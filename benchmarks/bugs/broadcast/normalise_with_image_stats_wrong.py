#: run: main()
#: raises
import torch


def main():
    mean = torch.tensor([0.485, 0.456, 0.406])
    std = torch.tensor([0.229, 0.224, 0.225])
    images = torch.rand(16, 3, 224, 224)
    images = (images - mean) / std  # BUG
    return images
