"""A person with a keyboard and nothing else: every control is reached by presses of a key, and its focus can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

MOST_TABS = 250
MOST_OPTIONS = 60
MOST_GLIDING = 3000  # milliseconds

FOCUSED = """() => {
  const it = document.activeElement;
  const box = (it.matches('.btn-check') ? it.labels[0] : it).getBoundingClientRect();
  const style = getComputedStyle(it.matches('.btn-check') ? it.labels[0] : it);
  const group = it.type === 'radio' ? [...document.getElementsByName(it.name)].filter(each => each.form === it.form) : [];
  return {
    tag: it.tagName.toLowerCase(), type: it.type ?? '', name: it.name ?? '', value: it.value ?? '', checked: it.checked === true,
    settled: group.some(each => each.checked), required: it.required === true || it.getAttribute('aria-required') === 'true',
    inside: it.closest('form#work') !== null, foot: it.closest('.form-foot') !== null, words: it.textContent.trim(),
    marked: it.matches(':focus-visible') && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0,
  };
}"""


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the keyboard stands; `marked`: the place is drawn as focused, `seen`: it lies within the window."""

    tag: str
    type: str
    name: str
    value: str
    checked: bool
    settled: bool
    required: bool
    inside: bool
    foot: bool
    words: str
    marked: bool
    seen: bool


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focus(self) -> Focus:
        return Focus(**self.page.evaluate(FOCUSED))

    def reach(self, target: Locator) -> None:
        """Tabs on to this control, round the page if it stands behind."""
        expect(target).to_be_visible()
        handle = target.element_handle()
        for _ in range(MOST_TABS):
            if handle.evaluate("it => it === document.activeElement"):
                return self.look()
            self.press("Tab")
        pytest.fail(f"{target} is not reached by {MOST_TABS} presses of Tab on {self.page.url}")

    def look(self) -> None:
        with suppress(TimeoutError):  # a page may glide there
            self.page.wait_for_function(f"() => ({FOCUSED})().seen", timeout=MOST_GLIDING)
        focus = self.focus()
        assert focus.marked, f"the focus of {focus} cannot be seen on {self.page.url}"
        assert focus.seen, f"{focus} is focused out of sight on {self.page.url}"

    def enter(self, target: Locator) -> None:
        self.reach(target)
        self.press("Enter")

    def follow(self, target: Locator) -> None:
        """Presses what leads to another page, and waits for that page."""
        self.reach(target)
        with self.page.expect_navigation():
            self.press("Enter")

    def tick(self, target: Locator) -> None:
        self.reach(target)
        self.press("Space")
        expect(target).to_be_checked()

    def type(self, target: Locator, words: str) -> None:
        self.reach(target)
        self.page.keyboard.type(words)

    def pick(self, target: Locator, value: str) -> None:
        """An option of a list, by the arrows."""
        self.reach(target)
        self.press("Home")
        self._arrow_to(value)
        expect(target).to_have_value(value)

    def choose(self, group: str, value: str) -> None:
        """A radio button: Tab to its group, then the arrows."""
        for _ in range(MOST_TABS):
            focus = self.focus()
            if focus.type == "radio" and focus.name == group:
                self._arrow_to(value)
                return self.look()
            self.press("Tab")
        pytest.fail(f"no radio button {group} is reached on {self.page.url}")

    def _arrow_to(self, value: str) -> None:
        for _ in range(MOST_OPTIONS):
            focus = self.focus()
            if focus.value == value:
                if focus.type == "radio" and not focus.checked:
                    self.press("Space")
                return
            self.press("ArrowDown")
        pytest.fail(f"{value} cannot be chosen by the arrows on {self.page.url}")

    # The form of a step

    def work(self, outcome: str, given: Mapping[str, Any] | None = None) -> None:
        """Goes through the form of the step from its first field to its last button: chooses and types what is given, takes the
        first choice where nothing is, and finishes the step with this outcome."""
        answers = {**(given or {}), "outcome": outcome}
        self.press("f")
        last: tuple[str, str] | None = None
        for _ in range(MOST_TABS):
            focus = self.focus()
            if focus.inside and (focus.name, focus.tag) != last:
                self.look()
                last = (focus.name, focus.tag)
                if self._ends(focus, outcome):
                    return self._finish()
                self._answer(focus, answers)
            self.press("Tab")
        pytest.fail(f"the step is not finished by {MOST_TABS} presses of Tab on {self.page.url}")

    def _ends(self, focus: Focus, outcome: str) -> bool:
        if focus.tag != "button":
            return False
        return focus.value == outcome if focus.name == "outcome" else focus.foot

    def _answer(self, focus: Focus, answers: Mapping[str, Any]) -> None:
        if focus.type == "radio" and (focus.name in answers or not focus.settled):
            self._arrow_to(answers.get(focus.name, focus.value))
        elif focus.type == "select-one" and (focus.name in answers or not focus.value):
            self._arrow_to(answers[focus.name]) if focus.name in answers else self.press("ArrowDown")
        elif focus.type == "checkbox" and not focus.checked and (focus.name in answers or focus.required):
            self.press("Space")
        elif focus.tag == "textarea" or focus.type in ("text", "number", "date", "search", "tel"):
            words = answers.get(focus.name, "" if focus.value or not focus.required else "1")
            self.page.keyboard.type(words)

    def _finish(self) -> None:
        self.press("Enter")
        confirm = self.page.locator("[data-confirm-dialog][open] [data-confirm-yes]")
        if confirm.count():
            self.enter(confirm)
        self.page.wait_for_url("**/done")
