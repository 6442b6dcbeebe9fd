"""Reports as text: one writer for each format, without any analysis."""
