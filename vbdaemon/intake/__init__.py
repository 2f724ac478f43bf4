"""The ways in, and the one door that they all go through."""
