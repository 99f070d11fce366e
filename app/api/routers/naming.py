"""Names for answers that are rendered while the writer still holds the lock: from memory, per configuration."""

from app.services.views.names import NameBook

NAMES = NameBook()
