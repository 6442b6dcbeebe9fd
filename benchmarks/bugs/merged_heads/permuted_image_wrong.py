#: run: main()
#: raises
import torch


def main():
    image = torch.rand(2, 3, 16, 16)
    pixels = image.permute(0, 2, 3, 1)
    return pixels.view(2, 16 * 16 * 3)  # BUG
