"""Our own mail listener."""
