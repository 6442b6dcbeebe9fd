#: run: MAEHead(4).patchify(torch.rand(2, 3, 8, 8))
#: differs
import torch
import torch.nn as nn


class MAEHead(nn.Module):
    def __init__(self, patch_size=16):
        super().__init__()
        self.p = patch_size

    def patchify(self, imgs):
        """
        imgs: (N, 3, H, W)
        x: (N, L, patch_size**2 *3)
        """
        p = self.p
        assert imgs.shape[2] == imgs.shape[3] and imgs.shape[2] % p == 0
        h = w = imgs.shape[2] // p
        x = imgs.reshape(imgs.shape[0], 3, h, p, w, p)
        x = torch.einsum("nchpwq->nhpwqc", x)  # BUG
        x = x.reshape(imgs.shape[0], h * w, p**2 * 3)  # BUG
        return x
