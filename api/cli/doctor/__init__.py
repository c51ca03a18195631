"""`idphoto doctor`: what is wrong here, why that matters, and what to do."""

from api.cli.doctor.command import doctor

__all__ = ["doctor"]
