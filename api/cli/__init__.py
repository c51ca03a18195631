"""The `idphoto` command: photos on this machine, the product as a whole, and its administration."""

from api.cli.main import main

__all__ = ["main"]
