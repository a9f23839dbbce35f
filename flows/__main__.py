"""`python -m flows` is the `footprint` command."""

from flows.cli import main

main()
