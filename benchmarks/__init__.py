"""Measures what README and docs claim. Apart from the test run."""
