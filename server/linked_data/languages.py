"""In which language a reader reads names: Accept-Language, or a choice in the address.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

KNOWN: Mapping[str, str] = {
    "ar": "العربية",
    "az": "Azərbaycanca",
    "be": "Беларуская",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hy": "Հայերեն",
    "it": "Italiano",
    "ja": "日本語",
    "ka": "ქართული",
    "ko": "한국어",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "sr": "Српски",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh": "中文",
}
"""The languages in which the graph has names, each as its readers write it."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})


def preferred(accept: str | None, chosen: str | None = None) -> tuple[str, ...]:
    """The languages of a reader, the best first; English is always the last resort.

    >>> preferred("uk-UA,uk;q=0.9,en;q=0.5,xx;q=0.4"), preferred("de", "fr")
    (('uk', 'en'), ('fr', 'en'))
    """
    if chosen is not None and chosen in KNOWN:
        return tuple(dict.fromkeys((chosen, "en")))
    ranked: list[tuple[float, str]] = []
    for part in (accept or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((float(quality or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    ordered = sorted((each for each in ranked if each[0] > 0), key=lambda each: -each[0])
    return tuple(dict.fromkeys([*(tag for _, tag in ordered if tag in KNOWN), "en"]))


def name(names: Mapping[str, str], languages: Sequence[str]) -> tuple[str, str] | None:
    """The name that fits best, and its language; None where there is none."""
    for language in (*languages, ""):
        if language in names:
            return names[language], language
    return next(((text, language) for language, text in names.items()), None)
