"""Checks of format (thể thức): components are located, measured, and compared with the rules."""
