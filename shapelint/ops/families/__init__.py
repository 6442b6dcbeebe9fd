"""A rule for each of PyTorch's operators and layers, one file for each family."""
