"""What makes the zoo, its cards, and the classifier; not part of the library."""
