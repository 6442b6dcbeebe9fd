#: run: sinusoid(10, 16)
#: raises
import math

import torch


def sinusoid(max_len, d_model):
    pe = torch.zeros(max_len, d_model)
    position = torch.arange(0, max_len, dtype=torch.float)
    div_term = torch.exp(torch.arange(0, d_model, 2).float() * (-math.log(10000.0) / d_model))
    pe[:, 0::2] = torch.sin(position * div_term)  # BUG
    pe[:, 1::2] = torch.cos(position * div_term)
    return pe.unsqueeze(0)
