"""The registries' room as a whole: one blueprint over its modules."""

from api.web.console import registry_acts, registry_deliveries
from api.web.console.registry import bp

__all__ = ["bp", "registry_acts", "registry_deliveries"]
