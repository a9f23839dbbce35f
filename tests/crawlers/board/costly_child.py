"""The tests' child, on a board that charges a dollar for each post."""

from dataclasses import replace

from child import main, module

module.MANIFEST = replace(module.MANIFEST, usd_per_post=1.0)

main()
