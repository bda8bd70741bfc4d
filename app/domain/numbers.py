"""IIN and BIN: the twelve-digit numbers of persons and organisations, checked as typed text.

Only the form and the check digit are judged. Since 2013 an IIN's digits need not agree with the holder's birth date or sex
(Ministry of Justice), so nothing is ever concluded from them. Do not check what a certificate or a state register gave:
both hold numbers in use whose digit is wrong.
"""

from __future__ import annotations

from typing import NamedTuple

from app.domain.errors import Invalid

_LENGTH = 12
_DIGITS = "0123456789"
_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


class _Sentences(NamedTuple):
    """What is said about one kind of number. The right check digit is not told: it would invite making a number up."""

    not_a_digit: str
    wrong_length: str
    never_issued: str
    wrong_check_digit: str


_IIN = _Sentences(
    "An IIN has digits only; found “%(found)s” in place %(place)s",
    "An IIN has 12 digits; found %(found)s",
    "No IIN with these first 11 digits is ever issued; compare them with the document",
    "The last digit of the IIN does not agree with the others; compare all of them with the document",
)
_BIN = _Sentences(
    "A BIN has digits only; found “%(found)s” in place %(place)s",
    "A BIN has 12 digits; found %(found)s",
    "No BIN with these first 11 digits is ever issued; compare them with the document",
    "The last digit of the BIN does not agree with the others; compare all of them with the document",
)


def check_iin(text: str) -> str:
    """A person's number as twelve digits, spaces taken out. Raises Invalid with one sentence for the mistake."""
    return _checked(text, _IIN)


def check_bin(text: str) -> str:
    """An organisation's number as twelve digits, spaces taken out. Raises Invalid with one sentence for the mistake."""
    return _checked(text, _BIN)


def is_entity_number(text: str) -> bool:
    """Whether a checked number is written like a BIN: 4, 5 or 6 in the fifth place. A hint, never a reason to refuse."""
    return text[4:5] in ("4", "5", "6")


def with_check_digit(first_eleven: str) -> str:
    """The number with these first eleven digits; for made-up numbers in tests and demonstrations.

    Raises Invalid if there are not eleven digits, or if no such number is ever issued.
    """
    if len(first_eleven) != _LENGTH - 1 or not set(first_eleven) <= set(_DIGITS):
        raise Invalid("Eleven digits are needed; found %(found)s", found=repr(first_eleven))
    digit = _check_digit(first_eleven)
    if digit is None:
        raise Invalid("No number with the first 11 digits %(digits)s is ever issued", digits=first_eleven)
    return f"{first_eleven}{digit}"


def _checked(text: str, sentences: _Sentences) -> str:
    number = "".join(text.split())  # numbers are pasted in groups, with plain and no-break spaces
    for place, character in enumerate(number, start=1):
        if character not in _DIGITS:
            raise Invalid(sentences.not_a_digit, found=character, place=place)
    if len(number) != _LENGTH:
        raise Invalid(sentences.wrong_length, found=len(number))
    digit = _check_digit(number[:-1])
    if digit is None:
        raise Invalid(sentences.never_issued)
    if number[-1] != str(digit):
        raise Invalid(sentences.wrong_check_digit)
    return number


def _check_digit(first_eleven: str) -> int | None:
    """The twelfth digit, or None if both rounds of weights leave 10: such a number is never issued."""
    for weights in (_WEIGHTS, _SECOND_WEIGHTS):
        rest = sum(int(digit) * weight for digit, weight in zip(first_eleven, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None
