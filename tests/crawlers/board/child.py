"""`python -m crawlers`, with the tests' platform among the platforms."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from crawlers.__main__ import main

spec = spec_from_file_location("crawlers.spiders.board", Path(__file__).with_name("board.py"))
module = module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)

if __name__ == "__main__":
    main()
