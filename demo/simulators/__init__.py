"""Loopback servers in the shape of the platforms that people use."""
