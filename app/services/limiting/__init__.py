"""What one client can use up: requests a second, requests and streams at a time, tries with wrong keys (docs/limits.md)."""

from app.services.limiting.accounts import Account
from app.services.limiting.limiter import Limiter
from app.services.limiting.turns import Turns

__all__ = ["Account", "Limiter", "Turns"]
