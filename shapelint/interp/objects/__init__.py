"""What objects do when they are run over, called, changed or imported, and operators' rules on them."""
