"""What to call a browser before the student whose phone is asked to let it in: `Windows · Chrome`."""

import re
from collections.abc import Mapping

SYSTEMS: Mapping[str, str] = {
    r"HarmonyOS": "HarmonyOS",
    r"Android": "Android",
    r"iPhone|iPad": "iOS",
    r"Windows": "Windows",
    r"Macintosh": "macOS",
    r"Linux": "Linux",
}
BROWSERS: Mapping[str, str] = {
    r"MicroMessenger": "微信",
    r"Edg": "Edge",
    r"QQBrowser": "QQ浏览器",
    r"Firefox": "Firefox",
    r"Chrome|CriOS": "Chrome",
    r"Safari": "Safari",
}
UNKNOWN = "未知设备"


def client_name(user_agent: str) -> str:
    """Return system and browser out of short lists of our own: what a stranger writes is never shown to a student."""
    found = (_first(SYSTEMS, user_agent), _first(BROWSERS, user_agent))
    return " · ".join(part for part in found if part) or UNKNOWN


def _first(names: Mapping[str, str], user_agent: str) -> str | None:
    return next((name for pattern, name in names.items() if re.search(pattern, user_agent)), None)
