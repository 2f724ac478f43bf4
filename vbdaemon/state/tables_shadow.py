"""Answers of plugins that only watch, and plugins that were switched off."""
