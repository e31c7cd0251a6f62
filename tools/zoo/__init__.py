"""Makes the presets of `zoo/` from finished runs, their cards, and the pages' tables of them."""
