"""A fictional city with ground truth, on loopback."""
