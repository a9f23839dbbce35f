"""Exports that holders hand over, one file a format. Found by name, like the platforms."""
