"""Files: read in bounds, written whole, held by one process, and what is left over removed."""
