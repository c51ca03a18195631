"""How `idphoto up --fake-wechat` and its stand-in for WeChat agree: the account, the templates, the push."""

from collections.abc import Mapping

_TOKEN, _AES_KEY = "FakeToken", "A" * 43
_TEMPLATES: Mapping[str, tuple[str, str]] = {
    "WECHAT_TEMPLATE_RETURNED": ("fake-returned", "thing1=campaign phrase2=result thing3=reason time4=when"),
    "WECHAT_TEMPLATE_APPROVED": ("fake-approved", "thing1=campaign phrase2=result time3=when"),
    "WECHAT_TEMPLATE_CLOSING": ("fake-closing", "thing1=campaign time2=deadline thing3=advice"),
}


def arguments(*, port_file: str, product_url: str) -> tuple[str, ...]:
    """Return the stand-in's command line."""
    templates = (
        f"{name}:{','.join(pair.partition('=')[0] for pair in fields.split())}" for name, fields in _TEMPLATES.values()
    )
    return (
        *("-m", "deploy.fake_wechat", "--port-file", port_file, "--push-url", f"{product_url}/wechat/push"),
        *("--push-token", _TOKEN, "--push-aes-key", _AES_KEY),
        *(word for template in templates for word in ("--template", template)),
    )


def settings(url: str) -> dict[str, str]:
    """Return the product's settings for the stand-in at `url`."""
    templates = {variable: f"{name} {fields}" for variable, (name, fields) in _TEMPLATES.items()}
    return {
        "IDPHOTO_FAKE_WECHAT_URL": url,
        "WECHAT_PUSH_TOKEN": _TOKEN,
        "WECHAT_PUSH_AES_KEY": _AES_KEY,
        **templates,
    }
