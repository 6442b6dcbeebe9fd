#: run: main()
#: raises
import torch


def main():
    experts, d, h = 4, 16, 64
    x = torch.rand(experts, 10, d)
    up = torch.rand(experts, d, h)
    down = torch.rand(experts, h, d)
    y = torch.einsum("end,edh->enh", x, up).relu()
    return torch.einsum("end,ehd->enh", y, down)  # BUG
