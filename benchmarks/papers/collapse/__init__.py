"""Which techniques keep a generator from dropping modes, against the numbers that papers published."""
