"""The settings: everything wrong is said at once, before anything starts."""

import base64
from dataclasses import fields, replace
from pathlib import Path

import pytest

from api.config import ConfigError, Settings
from api.config_s3 import S3Address

KEY = base64.b64encode(b"k" * 32).decode()
SERVER = {
    "DATABASE_URL": "postgresql+psycopg://idphoto@db/idphoto",
    "REDIS_URL": "redis://redis:6379/0",
    "BLOB_URL": "file:/var/lib/idphoto/blobs",
    "IDPHOTO_PUBLIC_URL": "https://photo.example.edu.cn/",
    "IDPHOTO_DATA_KEYS": KEY,
}
EMBEDDED = {"IDPHOTO_EMBEDDED": "1"}
WECHAT = {"WECHAT_APP_ID": "wx1", "WECHAT_APP_SECRET": "s3cret"}


def faults(env: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refusal:
        Settings.from_env(env)
    return refusal.value.faults


def test_the_embedded_mode_needs_nothing():
    """`idphoto up` on a fresh clone: SQLite, local files and a Redis of its own under var/."""
    settings = Settings.from_env(EMBEDDED)

    assert settings.database_url == "sqlite:///var/idphoto.db"
    assert settings.redis_url == f"unix://{Path('var').absolute()}/redis/redis.sock"
    assert settings.blob_dir == Path("var/blobs").absolute()
    assert settings.dev_login
    assert settings.sweep_every_s == 2.0


def test_a_server_needs_its_addresses_and_key():
    """Without them it does not start, and says all of them in one go."""
    said = " ".join(faults({}))

    assert all(name in said for name in SERVER)


def test_a_server_with_everything_starts():
    """The addresses as given, the key decoded, no developer login."""
    settings = Settings.from_env(SERVER)

    assert settings.data_keys == (b"k" * 32,)
    assert settings.public_url == "https://photo.example.edu.cn"
    assert settings.blob_dir == Path("/var/lib/idphoto/blobs")
    assert not settings.dev_login


def test_all_faults_are_said_at_once():
    """Four mistakes, four lines."""
    said = faults(
        SERVER
        | {
            "IDPHOTO_MAX_QUEUED": "many",
            "IDPHOTO_LEASE_S": "0",
            "PHOTO_SERVICE_URL": "photo:9000",
            "IDPHOTO_LOG_FORMAT": "xml",
        }
    )

    assert sorted(line.split()[0] for line in said) == [
        "IDPHOTO_LEASE_S",
        "IDPHOTO_LOG_FORMAT",
        "IDPHOTO_MAX_QUEUED",
        "PHOTO_SERVICE_URL",
    ]


def test_the_developer_login_never_stands_beside_wechat():
    """Both asked for: the start is refused. WeChat alone switches the other off."""
    assert any("IDPHOTO_DEV_LOGIN" in line for line in faults(EMBEDDED | WECHAT | {"IDPHOTO_DEV_LOGIN": "1"}))

    assert not Settings.from_env(EMBEDDED | WECHAT).dev_login
    assert not Settings.from_env(EMBEDDED | {"IDPHOTO_DEV_LOGIN": "0"}).dev_login


def test_the_developer_login_never_exists_on_a_server():
    """Whoever asks for it there is refused."""
    assert any("embedded mode only" in line for line in faults(SERVER | {"IDPHOTO_DEV_LOGIN": "1"}))


def test_half_a_credential_is_a_mistake():
    """An id without its secret."""
    assert any("together" in line for line in faults(SERVER | {"WECHAT_APP_ID": "wx1"}))


def test_secrets_may_come_from_files(tmp_path: Path):
    """As Docker and systemd hand them over; both at once is a mistake, and so is a file that is not there."""
    file = tmp_path / "secret"
    file.write_text("s3cret\n", encoding="utf-8")
    env = SERVER | {"WECHAT_APP_ID": "wx1", "WECHAT_APP_SECRET_FILE": str(file)}

    assert Settings.from_env(env).wechat.secret == "s3cret"
    assert faults(env | {"WECHAT_APP_SECRET": "other"})
    assert faults(env | {"WECHAT_APP_SECRET_FILE": str(tmp_path / "nothing")})


@pytest.mark.parametrize("keys", ["short", KEY + "=", base64.b64encode(b"k" * 31).decode(), f"{KEY},x", "密钥"])
def test_a_bad_key_is_refused_without_being_shown(keys: str):
    """The fault names the variable, never its value."""
    said = "".join(faults(SERVER | {"IDPHOTO_DATA_KEYS": keys}))

    assert "IDPHOTO_DATA_KEYS" in said
    assert keys not in said


def test_keys_can_be_replaced():
    """Newest first, the old one behind it."""
    new = base64.b64encode(b"n" * 32).decode()

    assert Settings.from_env(SERVER | {"IDPHOTO_DATA_KEYS": f"{new}, {KEY}"}).data_keys == (b"n" * 32, b"k" * 32)


def test_settings_do_not_show_secrets():
    """Printed by accident, they show neither keys nor addresses with passwords nor the WeChat secret."""
    settings = Settings.from_env(SERVER | WECHAT | {"DATABASE_URL": "postgresql://u:passw0rd@db/x"})

    shown = repr(settings)
    assert not any(secret in shown for secret in ("passw0rd", "s3cret", "kkkk"))


OIDC = {
    "IDPHOTO_OIDC_ISSUER": "https://sso.school.example/realms/staff",
    "IDPHOTO_OIDC_CLIENT_ID": "campus-id-photo",
    "IDPHOTO_OIDC_CLIENT_SECRET": "hush hush",
}


def test_the_school_s_own_login_is_set_up_as_a_whole():
    """An issuer with id and secret; name and claim have defaults; the secret is never shown."""
    oidc = Settings.from_env(EMBEDDED | OIDC).oidc

    assert oidc is not None
    assert oidc.discovery_url == "https://sso.school.example/realms/staff/.well-known/openid-configuration"
    assert (oidc.name, oidc.claim) == ("学校统一认证", "preferred_username")
    assert "hush" not in repr(oidc)
    assert Settings.from_env(EMBEDDED).oidc is None


@pytest.mark.parametrize("missing", OIDC)
def test_half_a_school_login_is_a_mistake(missing: str):
    """Whichever of the three is not there is named."""
    assert any(
        missing in said for said in faults(EMBEDDED | {key: value for key, value in OIDC.items() if key != missing})
    )


@pytest.mark.parametrize("issuer", ["http://sso.school.example", "sso.school.example", "ftp://x", "http://[::1"])
def test_the_school_s_login_is_reached_over_https(issuer: str):
    """Plain HTTP is for a provider on this machine alone."""
    assert "IDPHOTO_OIDC_ISSUER must be" in " ".join(faults(EMBEDDED | OIDC | {"IDPHOTO_OIDC_ISSUER": issuer}))
    assert Settings.from_env(EMBEDDED | OIDC | {"IDPHOTO_OIDC_ISSUER": "http://127.0.0.1:9400"}).oidc is not None


def test_a_lease_outlives_the_longest_request():
    """Otherwise a slow registry would be sent the same event twice at once."""
    assert any("DELIVER_LEASE" in line for line in faults(SERVER | {"IDPHOTO_DELIVER_LEASE_S": "20"}))


@pytest.mark.parametrize("url", ["s3://bucket/x", "gs://bucket/x", "http://x/y", "bucket"])
def test_a_store_we_do_not_have_is_refused(url: str):
    """Rather than writing photos somewhere unexpected; AWS without its region is nowhere either."""
    assert any("BLOB_URL" in line for line in faults(SERVER | {"BLOB_URL": url}))


KEYS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hush hush"}


@pytest.mark.parametrize(
    ("url", "bucket"),
    [
        ("s3://idphoto?region=cn-north-1", S3Address("idphoto", "", "cn-north-1", None, "virtual")),
        (
            "s3://idphoto/prod/photos/?endpoint=https://minio.example:9000/",
            S3Address("idphoto", "prod/photos/", "us-east-1", "https://minio.example:9000", "path"),
        ),
        (
            "s3://my.idphoto/a?endpoint=http://10.0.3.4:9000",
            S3Address("my.idphoto", "a/", "us-east-1", "http://10.0.3.4:9000", "path"),
        ),
        (
            "s3://idphoto?endpoint=https://s3.oss-cn-hangzhou.aliyuncs.com&region=cn-hangzhou&addressing=virtual",
            S3Address("idphoto", "", "cn-hangzhou", "https://s3.oss-cn-hangzhou.aliyuncs.com", "virtual"),
        ),
        (
            "s3://idphoto-1250000000?endpoint=https%3A%2F%2Fcos.ap-guangzhou.myqcloud.com&region=ap-guangzhou",
            S3Address("idphoto-1250000000", "", "ap-guangzhou", "https://cos.ap-guangzhou.myqcloud.com", "path"),
        ),
        ("s3://idphoto?endpoint=http://minio:9000", S3Address("idphoto", "", "us-east-1", "http://minio:9000", "path")),
        ("s3://idphoto?endpoint=http://[::1]:9000", S3Address("idphoto", "", "us-east-1", "http://[::1]:9000", "path")),
    ],
)
def test_files_may_lie_in_a_bucket(url: str, bucket: S3Address, tmp_path: Path):
    """AWS by its region, any other store by its endpoint; with keys, from files too, or with the machine's own role."""
    (tmp_path / "secret").write_text("hush hush\n", encoding="utf-8")
    from_file = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY_FILE": str(tmp_path / "secret")}
    keyed = replace(bucket, key_id="AKID", secret="hush hush")

    assert Settings.from_env(SERVER | {"BLOB_URL": url}).bucket == bucket
    assert Settings.from_env(SERVER | KEYS | {"BLOB_URL": url}).bucket == keyed
    assert Settings.from_env(SERVER | from_file | {"BLOB_URL": url}).bucket == keyed
    assert "hush" not in repr(Settings.from_env(SERVER | KEYS | {"BLOB_URL": url}))
    assert Settings.from_env(SERVER | KEYS).bucket is None


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("s3://AKID:hush@bucket?region=x", "no user, password"),
        ("s3://bucket:9000?region=x", "no user, password"),
        ("s3://bucket?region=x&aws_secret_access_key=hush", "and nothing else"),
        ("s3://bucket?region=x&region=y", "once each"),
        ("s3://bucket?endpoint=https://AKID:hush@minio.example", "endpoint that is not"),
        ("s3://bucket?endpoint=https://minio.example/path", "endpoint that is not"),
        ("s3://bucket?endpoint=minio.example:9000", "endpoint that is not"),
        ("s3://bucket?endpoint=https://minio.example:port", "endpoint that is not"),
        ("s3://bucket?endpoint=https://[::1", "endpoint that is not"),
        ("s3://bucket?endpoint=http://minio.example:9000", "plain http"),
        ("s3://bucket?endpoint=http://8.8.8.8", "plain http"),
        ("s3://bucket?endpoint=http://0.0.0.0", "plain http"),
        ("s3://bucket?endpoint=https://minio.example&addressing=auto", "neither path nor virtual"),
        ("s3://my.bucket?region=x", "addressing=path"),
        ("s3://bucket?region=", "name a region"),
        ("s3://bucket?region=A B", "name a region"),
        ("s3://Bucket?region=x", "3 to 63"),
        ("s3://ab?region=x", "3 to 63"),
        ("s3://a..b?region=x", "3 to 63"),
        ("s3:bucket", "3 to 63"),
        ("s3://bucket/a//b?region=x", "prefix"),
        ("s3://bucket/../x?region=x", "prefix"),
        ("s3://bucket/学籍?region=x", "prefix"),
        ("s3://bucket/x?region=x#y", "prefix"),
        ("s3://[::1?region=x", "no user, password"),
    ],
)
def test_a_bucket_that_cannot_be_meant_is_refused_at_the_start(url: str, word: str):
    """With what is wrong, never with what was given: a secret in an address must not reach a log."""
    said = " ".join(faults(SERVER | {"BLOB_URL": url}))

    assert "BLOB_URL " in said
    assert word in said
    assert "hush" not in said


@pytest.mark.parametrize("missing", KEYS)
def test_half_a_key_to_a_bucket_is_a_mistake(missing: str):
    """Rather than going to the store as somebody else."""
    given = {name: value for name, value in KEYS.items() if name != missing}

    assert any("AWS_ACCESS_KEY_ID" in line for line in faults(SERVER | given | {"BLOB_URL": "s3://bucket?region=x"}))


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "1e9", "", "1,5"])
def test_numbers_stay_in_their_bounds(value: str):
    """Odd numbers are refused; an empty variable counts as absent."""
    env = EMBEDDED | {"IDPHOTO_LEASE_S": value}
    if not value:
        assert Settings.from_env(env).lease_s == 30.0
        return

    assert any("IDPHOTO_LEASE_S" in line for line in faults(env))


def test_empty_variables_are_absent():
    """As compose files write them."""
    assert Settings.from_env(EMBEDDED | {"PHOTO_SERVICE_URL": "", "WECHAT_APP_ID": "", "REDIS_URL": ""}).wechat is None


def test_defaults_are_the_same_from_either_side():
    """What `from_env` gives for an empty embedded environment is what the class itself would."""
    settings = Settings.from_env(EMBEDDED)
    differing = {"embedded", "home", "database_url", "redis_url", "blob_dir", "public_url", "dev_login"} | {
        "sweep_every_s",
        "registry_allow_private",
        "log_format",
    }

    same = [one for one in fields(Settings) if one.name not in differing]
    assert {one.name: getattr(settings, one.name) for one in same} == {one.name: one.default for one in same}


def test_the_mini_program_is_set_up_as_a_whole():
    """Push in secure mode with two keys, a template with its fields, version and pages."""
    settings = Settings.from_env(SERVER | WECHAT | FULL_WECHAT)
    account = settings.wechat

    assert account.push.aes_keys == ("A" * 43, "B" * 42 + "A")
    assert account.version == "trial"
    assert account.poster_page == "pages/home/home"
    (template,) = account.templates
    assert template.template_id == "tmpl-1"
    assert {key: word.value for key, word in template.fields.items()} == {"thing1": "reason", "time2": "when"}


def test_wechat_looks_at_photos_only_where_the_school_says_so_and_can_hear_the_answer():
    """Off unless asked for; on, it needs the message push."""
    assert not Settings.from_env(SERVER | WECHAT | FULL_WECHAT).wechat.media_check
    assert Settings.from_env(SERVER | WECHAT | FULL_WECHAT | {"WECHAT_MEDIA_CHECK": "1"}).wechat.media_check
    (said,) = faults(SERVER | WECHAT | {"WECHAT_MEDIA_CHECK": "1"})
    assert said.startswith("WECHAT_MEDIA_CHECK needs WECHAT_PUSH_TOKEN")


def test_every_fault_of_the_mini_program_is_said_at_once():
    """Each by its name, none with its value."""
    said = faults(
        SERVER
        | {
            "WECHAT_APP_ID": "gh_123",
            "WECHAT_APP_SECRET": "s3cret",
            "WECHAT_BASE_URL": "http://wechat.example",
            "WECHAT_PUSH_TOKEN": "a b",
            "WECHAT_PUSH_AES_KEY": "short-and-secret",
            "WECHAT_VERSION": "beta",
            "WECHAT_NOTICE_PAGE": "/pages/home",
            "WECHAT_TIMEOUT_S": "never",
            "WECHAT_TEMPLATE_RETURNED": "tmpl-1 number1=reason",
            "WECHAT_TEMPLATE_APPROVED": "tmpl-2",
            "WECHAT_TEMPLATE_CLOSING": "tmpl-3 thing1=weather",
            "WECHAT_MEDIA_CHECK": "maybe",
        }
    )

    assert sorted(line.split()[0] for line in said) == [
        "WECHAT_APP_ID",
        "WECHAT_BASE_URL",
        "WECHAT_MEDIA_CHECK",
        "WECHAT_NOTICE_PAGE",
        "WECHAT_PUSH_AES_KEY",
        "WECHAT_PUSH_TOKEN",
        "WECHAT_TEMPLATE_APPROVED",
        "WECHAT_TEMPLATE_CLOSING",
        "WECHAT_TEMPLATE_RETURNED",
        "WECHAT_TIMEOUT_S",
        "WECHAT_VERSION",
    ]
    assert not any(secret in line for line in said for secret in ("short-and-secret", "s3cret"))


def test_plaintext_push_cannot_be_configured():
    """A token without its key would be 明文模式."""
    assert any("secure mode" in line for line in faults(SERVER | WECHAT | {"WECHAT_PUSH_TOKEN": "AAAAA"}))


def test_push_and_templates_mean_nothing_without_an_account():
    """Whoever sets them up forgot the rest."""
    assert any("missing beside" in line for line in faults(SERVER | FULL_WECHAT))


def test_the_fake_wechat_is_for_ones_own_machine():
    """It stands in for WeChat in the embedded mode, the login by name stays; anywhere else it is refused."""
    fake = {"IDPHOTO_FAKE_WECHAT_URL": "http://127.0.0.1:9999"}
    settings = Settings.from_env(EMBEDDED | fake)

    assert settings.wechat.base_url == "http://127.0.0.1:9999"
    assert settings.dev_login
    assert any("embedded mode only" in line for line in faults(SERVER | fake))
    assert any("beside" in line for line in faults(EMBEDDED | WECHAT | fake))
    elsewhere = {"IDPHOTO_FAKE_WECHAT_URL": "http://wechat.example"}
    assert any("this machine" in line for line in faults(EMBEDDED | elsewhere))


FULL_WECHAT = {
    "WECHAT_PUSH_TOKEN": "AAAAA",
    "WECHAT_PUSH_AES_KEY": "A" * 43,
    "WECHAT_PUSH_AES_KEY_BEFORE": "B" * 42 + "A",
    "WECHAT_VERSION": "trial",
    "WECHAT_POSTER_PAGE": "pages/home/home",
    "WECHAT_TEMPLATE_RETURNED": "tmpl-1 thing1=reason time2=when",
}
