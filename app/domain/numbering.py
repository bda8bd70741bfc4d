"""The rule by which a body numbers what it registers: a line of its own signs with the year and the serial number in it.

`{year}` is the year of the legal registration in four digits, `{serial}` counts from 1 in each year; `{serial:05d}` is filled up
with noughts to five digits. Nothing else stands in braces, so a rule that was let in once cannot fail later.
"""

from __future__ import annotations

import re

from app.domain.errors import Invalid

DEFAULT = "{year}-{serial:05d}"
"""Of a body that has no rule of its own."""
LONGEST = 40  # of a number, in signs
_PLACE = re.compile(r"\{(year|serial(?::0([1-9])d)?)\}")
_SIGNS = re.compile(r"[\w./№-]*")
_WIDEST = 9  # digits of a serial number


def check_rule(rule: str) -> str:
    """The rule without blanks around it. Raises Invalid, saying what a rule has to be."""
    rule = rule.strip()
    places = [found[1].partition(":")[0] for found in _PLACE.finditer(rule)]
    if sorted(places) != ["serial", "year"]:
        raise Invalid(
            "A rule of numbers has {year} and {serial}, each once, such as %(example)s; found “%(found)s”.",
            example=DEFAULT,
            found=rule,
        )
    rest = _PLACE.sub("", rule)
    if not _SIGNS.fullmatch(rest):
        raise Invalid("Besides them only letters, digits and . - / № stand in a rule of numbers; found “%(found)s”.", found=rule)
    longest = len(rest) + len("2026") + _WIDEST
    if longest > LONGEST:
        raise Invalid("A number has at most %(most)s signs; by this rule it may have %(found)s.", most=LONGEST, found=longest)
    return rule


def shape(rule: str) -> str:
    """What tells the numbers of two rules apart, whatever the width of the serial number."""
    return _PLACE.sub(lambda found: "{" + found[1].partition(":")[0] + "}", rule)


def numbered(rule: str, year: int, serial: int) -> str:
    """The number of this serial in this year, by a rule that was checked."""
    return _PLACE.sub(lambda found: str(year) if found[1] == "year" else f"{serial:0{int(found[2] or 1)}d}", rule)
