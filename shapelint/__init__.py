"""shapelint: a linter that proves the shape comments in PyTorch code."""

__version__ = "0.1.0"
