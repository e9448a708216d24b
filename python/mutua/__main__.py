"""``python -m mutua``: the same as the command ``mutua``."""

from mutua.cli import run

if __name__ == "__main__":
    run()
