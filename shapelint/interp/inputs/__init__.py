"""What a caller may give to a function that is judged by itself."""
