"""Imported once by the fork server, so that every worker starts with the heavy modules in place."""

from vbdaemon import registry
from vbdaemon.plugin_file import import_builtin

for dotted in registry.BUILTINS:
    import_builtin(dotted)
