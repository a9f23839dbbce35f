"""The command line, one file per subject. `flows.cli` puts them together."""
