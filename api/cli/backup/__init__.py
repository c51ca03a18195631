"""`idphoto backup` and `idphoto restore`: the database and the pictures, sealed as they lie, never the keys."""

from api.cli.backup.command import backup, restore

__all__ = ["backup", "restore"]
