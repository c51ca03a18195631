"""Come to rembg's session classes without what rembg imports at its own door.

`import rembg` also imports a matting library, which compiles itself: 2 s, and the very first time on a machine the
greater part of a minute, for functions that nobody calls here. The session classes need none of it.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec


def import_sessions() -> None:
    """Import `rembg.sessions`, and the package above it not; a later `import rembg` imports that as ever.

    Call it before the first `from rembg.sessions import …`. Raises ModuleNotFoundError where there is no rembg.
    """
    if "rembg" in sys.modules or "rembg.sessions" in sys.modules:
        return
    spec = find_spec("rembg")
    if spec is None:
        raise ModuleNotFoundError("rembg is not installed", name="rembg")
    sys.modules["rembg"] = module_from_spec(spec)  # knows where its parts lie, and has run nothing of its own
    try:
        import_module("rembg.sessions")
    finally:
        del sys.modules["rembg"]
