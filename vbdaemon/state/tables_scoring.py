"""Samples, scores and appeals of the quarters."""
