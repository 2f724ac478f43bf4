"""From an admitted submission to a committed decision."""
