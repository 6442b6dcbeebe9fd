"""What the interpreter knows at one point of a program: values, the world, frames, what was noted."""
