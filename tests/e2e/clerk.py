"""A member of staff at a browser that runs no script: opens pages, fills their forms in, sends them.

Whatever a form holds is sent back as it came, its CSRF token among it; nothing of the product is imported.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

_SUBMITTING = {"submit", "image", "button", "reset"}


@dataclass
class Form:
    """One form of a page: where it goes, and what it holds now."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return what is sent when these fields are filled in. A list stands for several of one name, None for none."""
        unknown = values.keys() - self.names - {name for name, _ in self.buttons}
        assert not unknown, f"the form {self.action} has no field {sorted(unknown)}, but {sorted(self.names)}"
        kept = [(name, value) for name, value in self.fields if name not in values]
        given = [
            (name, str(one))
            for name, value in values.items()
            for one in ([] if value is None else value if isinstance(value, list) else [value])
        ]
        return kept + given


@dataclass
class Page:
    """An answered page."""

    url: str
    status: int
    html: str
    headers: httpx.Headers
    content: bytes
    forms: list[Form] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    text: str = ""

    def form(self, action: str) -> Form:
        """Return the form whose address matches."""
        found = [one for one in self.forms if re.search(action, urlsplit(one.action).path)]
        assert found, f"no form for {action} on {self.url}: {[one.action for one in self.forms]}"
        return found[0]

    def link(self, address: str) -> str:
        """Return the first link whose address matches."""
        found = [where for where, _ in self.links if re.search(address, where)]
        assert found, f"no link to {address} on {self.url}: {[where for where, _ in self.links]}"
        return found[0]


class Clerk:
    """Somebody signed in at the console."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=60, follow_redirects=True)
        page = self.open("/console/login")
        landed = self.send(page.form("/login$"), login=login, password=password)
        assert "/console/login" not in landed.url, landed.text
        if "/console/password" in landed.url:
            chosen = f"{login}-{password}"
            landed = self.send(landed.form("/password$"), current=password, new=chosen, again=chosen)
        assert landed.status == 200, landed.text

    def close(self) -> None:
        self.http.close()

    def open(self, path: str) -> Page:
        """Look at a page."""
        return _read(self.http.get(path))

    def send(self, form: Form, *, files: Mapping[str, Any] | None = None, **values: Any) -> Page:
        """Fill a form in and send it; answer the page that comes of it. `_` stands for `-` in no name."""
        pairs = form.filled(values)
        if form.method == "get":
            return _read(self.http.get(form.action, params=pairs))
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        sent = dict(files or {})
        origin = urljoin(str(self.http.base_url), "/")
        return _read(self.http.post(form.action, data=data, files=sent or None, headers={"Referer": origin}))


def _read(answer: httpx.Response) -> Page:
    html = answer.text if "html" in answer.headers.get("content-type", "") else ""
    page = Page(str(answer.url), answer.status_code, html, answer.headers, answer.content)
    reader = _Reader(page)
    reader.feed(html)
    page.text = " ".join(" ".join(reader.words).split())
    return page


class _Reader(HTMLParser):
    """Finds what a person could use: forms, links, lines of tables, words."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.words = page, []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._select: tuple[Form, str, bool] | None = None
        self._area: tuple[Form, str] | None = None
        self._option: str | None = None
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        a |= {name: name for name, value in attrs if value is None}
        if tag == "form":
            self._form = Form(urljoin(self.page.url, a.get("action", "")), a.get("method", "get").lower())
            self.page.forms.append(self._form)
            self._by_id[a.get("id", "")] = self._form
        elif tag == "a" and "href" in a:
            self.page.links.append((urljoin(self.page.url, a["href"]), a.get("aria-label", "")))
        elif tag == "tr":
            self.page.rows.append([])
        elif tag in {"td", "th"} and self.page.rows:
            self.page.rows[-1].append("")
        elif tag in {"script", "style"}:
            self._quiet += 1
        elif tag in {"input", "select", "textarea", "button"} and "name" in a and "disabled" not in a:
            self._control(tag, a, self._by_id.get(a["form"]) if "form" in a else self._form)
        elif tag == "option" and self._select is not None:
            self._offer(a)

    def _control(self, tag: str, a: Mapping[str, str], form: Form | None) -> None:
        if form is None:
            return
        kind, name = a.get("type", "text" if tag == "input" else "submit"), a["name"]
        if tag == "button" or (tag == "input" and kind in _SUBMITTING):
            form.buttons.append((name, a.get("value", "")))
            return
        form.names.add(name)
        if tag == "select":
            self._select = (form, name, "multiple" in a)
        elif tag == "textarea":
            self._area = (form, name)
            form.fields.append((name, ""))
        elif kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(a.get("value", "on"))
            if "checked" in a:
                form.fields.append((name, a.get("value", "on")))
        elif kind != "file":
            form.fields.append((name, a.get("value", "")))

    def _offer(self, a: Mapping[str, str]) -> None:
        form, name, many = self._select or (Form("", ""), "", False)
        options = form.choices.setdefault(name, [])
        options.append(a.get("value", ""))
        if "selected" in a or (len(options) == 1 and not many):
            if "selected" in a and not many:
                form.fields[:] = [pair for pair in form.fields if pair[0] != name]
            form.fields.append((name, a.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag in {"script", "style"}:
            self._quiet -= 1

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            form, name = self._area
            before = dict(form.fields).get(name, "")
            form.fields[:] = [pair for pair in form.fields if pair[0] != name] + [(name, before + data)]
        elif not self._quiet:
            self.words.append(data)
            if self.page.rows and self.page.rows[-1]:
                self.page.rows[-1][-1] += data.strip()


def address_of(url: str) -> Iterator[tuple[str, str]]:
    """Give the parts of a link's query."""
    yield from parse_qsl(urlsplit(url).query)
