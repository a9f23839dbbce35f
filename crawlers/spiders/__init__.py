"""The platforms, one file each. Found by name; see docs/architecture.md, "Where things plug in"."""
