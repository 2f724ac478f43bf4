"""What the people on duty use: acts, status, checks."""
