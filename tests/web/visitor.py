"""A visitor at a browser without scripts: signs in on the page, reads pages, and sends back the forms that stand on them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from app.bootstrap.demonstration import PASSWORD


class Visitor:
    def __init__(self, app: Flask, login: str | None = None, *, language: str = "en") -> None:
        self.client = app.test_client()
        self.opens("/sign-in")
        self.sends("/language", language=language)
        if login is not None:
            self.signs_in(login)

    def signs_in(self, login: str, password: str = PASSWORD) -> None:
        self.opens("/sign-in")
        self.sends("/sign-in", login=login, password=password)

    def opens(self, address: str) -> html.HtmlElement:
        return self._sees(self.client.get(address, follow_redirects=True))

    def sends(self, ending: str, changes: dict[str, Any] | None = None, /, **more: Any) -> html.HtmlElement:
        """Sends the first form whose address ends so, with what stands in it and these changes."""
        form = next((f for f in self.page.forms if f.get("action", "").endswith(ending)), None)
        address = form.get("action") if form is not None else ""
        if form is None:  # a button that sends another form elsewhere
            button = next(iter(self.page.xpath(f"//button[@form][contains(@formaction, '{ending}')]")), None)
            assert button is not None, [f.get("action") for f in self.page.forms]
            form, address = self.page.get_element_by_id(button.get("form")), button.get("formaction")
        values = _as_posted(form) | (changes or {}) | more
        return self._sees(self.client.post(address, data=values, follow_redirects=True))

    def posts(self, address: str, **values: Any) -> TestResponse:
        """A request of a script on the present page: its CSRF token goes along."""
        token = self.page.xpath("string(//input[@name='csrf_token']/@value)")
        return self.client.post(address, data={"csrf_token": token, **values})

    def _sees(self, response: TestResponse) -> html.HtmlElement:
        self.response, self.status, self.path = response, response.status_code, response.request.path
        self.page = html.fromstring(response.get_data(as_text=True))
        ids = self.page.xpath("//@id")
        assert len(ids) == len(set(ids)), "an id stands twice on the page"
        assert self.page.xpath("string(//title)").partition("·")[0].strip(), "a page has a title"
        assert len(self.page.xpath("//h1")) == 1, "a page has one main heading"
        for frame in self.page.xpath("//iframe/@src"):  # a browser opens what a page shows in place
            self.client.get(frame.partition("#")[0])
        return self.page

    @property
    def text(self) -> str:
        """The words of the page's main part, with single spaces."""
        return " ".join(self.page.xpath("//main")[0].text_content().split())

    def value(self, name: str) -> str:
        """What stands in the input, textarea or chosen radio of this name."""
        return str(dict(self.page.get_element_by_id("application").form_values()).get(name, ""))


def _as_posted(form: html.FormElement) -> dict[str, Any]:
    """Names with one value each, but lists where a name stands several times."""
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        former = values.get(name, [])
        values[name] = [*(former if isinstance(former, list) else [former]), value] if name in values else value
    return values
