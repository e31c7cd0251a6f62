"""What batches are made of: pixels, classes, and the order of an epoch."""
