"""What a convolution that is padded by half of its kernel takes for given: a kernel of an odd size.

`(kernel_size - 1) // 2` on each side, or `kernel_size // 2`, leaves the length as it is for every odd kernel. Where
the default of the parameter is one, nobody is meant to give another.
"""

from __future__ import annotations

import copy
from typing import Any

from shapelint.dims import Dim
from shapelint.interp.state.machine import Frame
from shapelint.ops.families.conv_layers import PlainConvolution
from shapelint.ops.tensor import ONE, Unknown
from shapelint.ops.window import ZERO


def with_odd_kernel(frame: Frame, made: Any) -> Any:
    """The layer that makes the same of every length, where an odd kernel makes its padding right; else the layer."""
    if not isinstance(made, PlainConvolution) or isinstance(made.padding, (str, Unknown)):
        return made
    axes = list(zip(made.kernel_size, made.padding, made.dilation, strict=True))
    if not any(_is_made_up(frame, *axis) for axis in axes):
        return made
    twin = copy.copy(made)
    plain = [(ONE, ZERO, ONE) if _is_made_up(frame, *axis) else axis for axis in axes]
    twin.kernel_size, twin.padding, twin.dilation = (tuple(part) for part in zip(*plain, strict=True))
    return twin


def _is_made_up(frame: Frame, kernel: Dim, padding: Dim, dilation: Dim) -> bool:
    """Whether a padding makes up for a kernel if that is odd, and not for every one."""
    if padding.value is not None or frame.machine.defaults.get(kernel, 0) % 2 == 0:
        return False
    facts, missing = frame.world.facts, dilation * (kernel - 1)
    odd = facts.divides(2, kernel - 1)
    return not odd.contradictory and odd.is_equal(2 * padding, missing)
