"""How the world writes dates: one table of locales, found by name."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from moments.errors import UnknownLocale
from moments.locales import (
    asian,
    english,
    germanic,
    iberian,
    levantine,
    nordic,
    romance,
    slavic,
    uralic,
)
from moments.locales.locale import Locale

__all__ = ["LOCALES", "Locale", "resolve_locale"]

_FAMILIES = (english, germanic, nordic, uralic, romance, iberian, slavic, levantine, asian)

LOCALES: Mapping[str, Locale] = MappingProxyType(
    {locale.name: locale for family in _FAMILIES for locale in family.LOCALES}
)

# Languages that Moment knows only under another name.
_ALIASES = {"no": "nb", "zh": "zh-cn", "zh-hans": "zh-cn", "zh-hant": "zh-tw", "zh-mo": "zh-hk", "iw": "he"}


@lru_cache(maxsize=256)
def resolve_locale(name: str) -> Locale:
    """The locale called `name`, in any case, with "-" or "_"; "de-li" falls back to "de".

    Raises UnknownLocale, which carries the names that come close.
    """
    subtags = name.strip().lower().replace("_", "-").split("-")
    for length in range(len(subtags), 0, -1):
        prefix = "-".join(subtags[:length])
        locale = LOCALES.get(_ALIASES.get(prefix, prefix))
        if locale:
            return locale
    raise UnknownLocale(name, LOCALES)
