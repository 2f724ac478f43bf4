"""Built-in behaviour, through the same hooks that admins use."""
