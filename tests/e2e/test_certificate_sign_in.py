"""Signing in by certificate in a browser: the signing program is asked for a login key, and the page goes on by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def test_the_signing_programs_login_key_opens_the_inbox(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("button[name=language][value=en]").first.evaluate("button => button.click()")
    page.get_by_role("link", name="Sign in with a certificate").click()
    page.get_by_label("Whose key").select_option(label="Басшыбеков Ғани, Head")
    page.get_by_role("button", name="Sign with NCALayer").click()
    page.wait_for_url("**/tasks")
    expect(page.locator("form[action='/sign-out']").first).to_be_attached()
    page.close()
