"""An atomic corpus for the rules of format: for every rule documents that keep it, and some that break it alone."""
