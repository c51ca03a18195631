"""The code for a class poster: it opens the mini-program at one campaign."""

from api.domain.ports import Database, WeChat
from api.services.guards import find_campaign


class MakePosterCode:
    """Ask WeChat for the code of a campaign. Its `scene` is the campaign's opaque id: 29 characters of 32."""

    def __init__(self, *, database: Database, wechat: WeChat, page: str) -> None:
        self._database = database
        self._wechat = wechat
        self._page = page

    def __call__(self, campaign: str) -> bytes:
        """Return the picture. Raises NotFound, WeChatError."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
        return self._wechat.poster_code(found.id, page=self._page)
