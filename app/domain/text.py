"""A text in the three languages of the country's services: Kazakh is the language of the acts and never absent."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Kazakh, Russian and English. An empty language falls back to Kazakh."""

    kk: str
    ru: str = ""
    en: str = ""

    @classmethod
    def empty(cls) -> Text:
        return cls("")

    def in_language(self, language: str) -> str:
        return str(getattr(self, language, "")) or self.kk

    def __str__(self) -> str:
        return self.kk
