"""What each operator and layer makes of shapes: a rule for each, by family."""
