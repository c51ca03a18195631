"""An installation as a school runs it: everything by settings, nothing embedded; and people who use it."""

import base64
from dataclasses import dataclass, replace
from pathlib import Path

from click.testing import CliRunner, Result
from made_once import lay_empty_database
from web_world import FakeRenderer, WeChat

from api.adapters.parts import choose_parts
from api.bootstrap import House, furnish
from api.cli import main
from api.config import Settings
from api.domain.photo import Photo

KEY = base64.b64encode(bytes(range(100, 132))).decode()
OTHER_KEY = base64.b64encode(bytes(range(132, 164))).decode()
SELFIE = b"a selfie, as far as this renderer can tell"
PROFILE = {
    "guardians": [{"name": "张家长", "relation": "父亲", "id_type": "居民身份证", "id_number": "430000197001010019"}]
}


@dataclass(frozen=True)
class Installation:
    """Its folder, its environment, and commands in it."""

    folder: Path
    env: dict[str, str]

    def house(self) -> House:
        """Open it as a service does; photos are made by a renderer that passes all, and WeChat vouches for anybody."""
        settings = Settings.from_env(self.env)
        parts = choose_parts(settings, renderer=FakeRenderer())
        return furnish(settings, replace(parts, wechat=WeChat()))

    def run(self, *arguments: str, expect: int = 0, **more: str) -> Result:
        """Run `idphoto …` in its environment alone."""
        result = CliRunner().invoke(main, arguments, env=self.env | more)
        assert result.exit_code == expect, result.output
        assert "Traceback" not in result.output
        return result

    def with_env(self, **changes: str) -> "Installation":
        """Return the same under other settings."""
        return replace(self, env=self.env | changes)


def install(folder: Path, *, database_url: str = "", redis_url: str = "unix:///nowhere/redis.sock") -> Installation:
    """Set an installation up under a folder, on a migrated database."""
    if not database_url:
        lay_empty_database(folder / "idphoto.db")
    env = {
        "IDPHOTO_HOME": str(folder / "home"),
        "DATABASE_URL": database_url or f"sqlite:///{folder}/idphoto.db",
        "REDIS_URL": redis_url,
        "BLOB_URL": f"file:{folder}/blobs",
        "IDPHOTO_PUBLIC_URL": "https://id.school.example",
        "IDPHOTO_DATA_KEYS": KEY,
        "IDPHOTO_TRUSTED_PROXIES": "1",
        "IDPHOTO_EMBEDDED": "",
        "WECHAT_APP_ID": "",
        "WECHAT_APP_SECRET": "",
    }
    return Installation(folder, env)


def sign_in(house: House, name: str) -> str:
    """Let a student in who agrees to everything; return the id."""
    student = house.login_with_wechat(f"good-{name}").student.id
    for text in house.list_consents(student):
        house.give_consent(student, text.id)
    return student


def ready_photo(house: House, student: str) -> Photo:
    """Send a selfie in and make the photo of it."""
    taken = house.submit_selfie(student, selfie=SELFIE, spec="hunan-pretco", campaign=None, idempotency_key=None)
    house.render_photo(taken.photo.id)
    return house.read_photo(student, taken.photo.id).photo
