"""Runs the linted code with dummy tensors, and holds each claim against the shapes that really come out."""
