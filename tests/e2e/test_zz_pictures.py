import pytest

from tests.e2e.test_passport_editor import editing  # noqa

pytestmark = [pytest.mark.e2e]


def test_pictures(editing):
    p = editing.page
    p.wait_for_selector("#findings-line[data-checked]")
    p.locator("[data-line]").nth(40).click()
    p.screenshot(path="/tmp/pp1.png", full_page=True)
    p.keyboard.press("Control+Home")
    p.keyboard.type("wrong: true\n")
    p.wait_for_selector(".cm-lint-marker-error")
    p.keyboard.press("Control+f")
    p.wait_for_timeout(300)
    p.locator("form[data-theme-switch] button").click()
    p.wait_for_timeout(500)
    p.screenshot(path="/tmp/pp2.png")
    p.keyboard.press("Escape")
    print(editing.said)
    p2 = p.context.new_page()
    p2.goto(editing.address + "/lists/forms.application")
    p2.screenshot(path="/tmp/pp3.png")
    p2.goto(editing.address + "/lists/variants?checked=1")
    p2.screenshot(path="/tmp/pp4.png", full_page=True)
    p2.locator("form[data-theme-switch] button").click()
    p2.wait_for_timeout(300)
    p2.goto(editing.address + "/preview")
    p2.screenshot(path="/tmp/pp5.png")
    p2.set_viewport_size({"width": 390, "height": 844})
    p2.goto(editing.address)
    p2.screenshot(path="/tmp/pp6.png", full_page=True)
    p2.goto(editing.address + "/lists/forms.application")
    p2.screenshot(path="/tmp/pp7.png")
    print([p2.evaluate("document.documentElement.scrollWidth")])
    p2.goto(editing.address + "/preview")
    p2.screenshot(path="/tmp/pp8.png")
    print([p2.evaluate("document.documentElement.scrollWidth")])
