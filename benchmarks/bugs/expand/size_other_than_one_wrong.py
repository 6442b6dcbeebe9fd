#: run: main()
#: raises
import torch


def main():
    anchors = torch.rand(9, 4)
    boxes = anchors.unsqueeze(0).expand(16, 8, 4)  # BUG
    return boxes.flatten(0, 1)
