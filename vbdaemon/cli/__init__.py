"""Commands, one file each; an expected mistake is one line with the remedy, never a traceback."""
