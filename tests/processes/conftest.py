"""The API in this process, for what has to be seen through it."""

from tests.api.conftest import bare, service

__all__ = ["bare", "service"]
