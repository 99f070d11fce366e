"""The API in this process, listening."""

from tests.api.conftest import address, bare, service

__all__ = ["address", "bare", "service"]
