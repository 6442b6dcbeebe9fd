"""Arrays of NumPy: what `.numpy()` and `np.asarray` give, and the methods that an array has in the place of a tensor's.

An array is a Tensor whose device is "numpy". Where NumPy would raise nothing is said: that is not PyTorch's code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from shapelint.dims import product
from shapelint.ops.along import found
from shapelint.ops.axes import reordered, transpose
from shapelint.ops.needs import CannotRun, current
from shapelint.ops.reduce import reduced_shape
from shapelint.ops.registry import op
from shapelint.ops.signature import Dim as Size  # noqa: F401  # the kind that annotations name
from shapelint.ops.signature import Ints, Sizes, Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.ops.view import whole_count
from shapelint.shapes import NotKnown, Shape

Rule = TypeVar("Rule", bound=Callable[..., Any])

PAGE = "https://numpy.org/doc/stable/reference/arrays.ndarray.html"
