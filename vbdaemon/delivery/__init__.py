"""Brings out what was decided: due deliveries, one attempt after the other."""
