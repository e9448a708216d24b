"""``python -m mutua``: the same as the command ``mutua``."""

import sys

from mutua.cli import main

if __name__ == "__main__":
    sys.exit(main())
