"""The corpus of the accuracy figures: documents made from a seed, with the truth about each beside it."""
