#: run: fused([torch.rand(2, 3, 4, 5), torch.rand(2, 3, 4, 5)])
#: comment
import torch


def fused(levels: list[torch.Tensor]):
    """Fuse.

    Args:
        levels (list[Tensor]): the levels of a pyramid, each of shape (B, C, H, W)
    """
    x = torch.stack(levels, dim=1)  # (B, N, H, W, C)  # BUG
    weights = x.mean(dim=(2, 3, 4)).softmax(dim=1)  # (B, N)
    return (x * weights[:, :, None, None, None]).sum(dim=1)  # (B, C, H, W)
