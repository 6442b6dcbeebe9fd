#: run: frames(torch.rand(2, 1, 3, 4, 4))
#: raises
import torch
from einops import rearrange


def frames(video):
    B, T, C, H, W = video.shape
    return rearrange(video, "b 1 c h w") if T == 1 else video  # BUG
