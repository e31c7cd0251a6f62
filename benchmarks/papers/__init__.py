"""The papers, run: a benchmark a file, and the page of all."""
