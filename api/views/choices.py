"""Names of what a field may be chosen from, for forms and pages: the words that files carry, too."""

from typing import Final

from inventory.choice_words import CHOICES

KINDS_OF_SITE: Final = CHOICES["sites", "kind"]
KINDS_OF_SERVICE: Final = CHOICES["services", "kind"]
MEDIA: Final = CHOICES["links", "medium"]
END_KINDS: Final = CHOICES["links", "a_kind"]
LANGUAGE_NAMES: Final = CHOICES["accounts", "language"]
