"""What was analysed is gone once nothing asks for it any more, without a look for garbage."""

import gc

from shapelint.interp.calls.parts_run import Analysis
from shapelint.interp.running.analysis import analyse
from shapelint.program import lower

CLASS = """
import torch
from torch import nn

class Scale(nn.Module):
    '''Of images.'''

    def __init__(self, dim, bias=True):
        super().__init__()
        self.proj = nn.Linear(dim, dim, bias=bias)

    def forward(self, x, keep=False):
        x = self.proj(x)  # (B, N, dim)
        return x if keep else x.mean(1)
"""


def test_an_analysis_is_gone_at_once():
    gc.collect()
    gc.disable()
    try:
        analysis = analyse(lower(CLASS, "scale.py"))
        assert any(evidence.at_defaults for evidence in analysis.evidence)
        analysis.let_go()
        del analysis
        assert not any(isinstance(one, Analysis) for one in gc.get_objects())
    finally:
        gc.enable()
