"""Claims met with the values that they speak of: what their names mean, and what is believed."""
