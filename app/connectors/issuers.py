"""The public keys of OpenID Connect issuers: discovery document, then key set, kept, and fetched again when a key is not in it.

A token's own header never says where keys are. An issuer that is slow, dead or talks nonsense costs callers a refusal, and
nobody else anything: there is one fetch of an issuer at a time, with a deadline, and a pause after one that failed.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
import structlog
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from app.errors import Unavailable

DISCOVERY = "/.well-known/openid-configuration"
FETCH_SECONDS = 2.5
AGAIN_SECONDS = 15.0  # between two fetches of one issuer, however many unknown keys are named
FRESH_SECONDS = 3_600.0
KEPT_SECONDS = 86_400.0  # an issuer that is away does not lock out those whose keys are known, for a day
BYTES = 256 * 1024
MOST_KEYS = 100
RSA_BITS = 2048
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

PublicKey = RSAKey | ECKey | OKPKey

log = structlog.get_logger()


class Unusable(Exception):  # noqa: N818  (named as the situation)
    """What an issuer says of itself cannot be used; the sentence says why."""


class Keys(Protocol):
    async def of(self, issuer: str, kid: str | None) -> PublicKey | None: ...


@dataclass(slots=True)
class _Known:
    """What is known of an issuer. Times are time.monotonic."""

    keys: Mapping[str | None, PublicKey] = field(default_factory=dict)
    fetched: float = float("-inf")
    tried: float = float("-inf")
    fetching: "asyncio.Task[None] | None" = None


class Issuers:
    """One per process. `transport` is handed in by tests that want another network."""

    def __init__(self, *, transport: httpx.AsyncBaseTransport | None = None, again_seconds: float = AGAIN_SECONDS) -> None:
        self._transport = transport
        self._again = again_seconds
        self._client: httpx.AsyncClient | None = None
        self._known: dict[str, _Known] = {}

    async def close(self) -> None:
        for known in self._known.values():
            if known.fetching is not None:
                known.fetching.cancel()
        if self._client is not None:
            await self._client.aclose()

    async def of(self, issuer: str, kid: str | None) -> PublicKey | None:
        """The issuer's key of this name; of a token that names none, the only one. None where there is no such key.

        Raises Unavailable `identity_provider_unavailable` where its keys cannot be had.
        """
        known = self._known.setdefault(issuer, _Known())
        now = time.monotonic()
        stale = now - known.fetched > FRESH_SECONDS
        if (stale or _named(known.keys, kid) is None) and (known.fetching is not None or now - known.tried > self._again):
            await self._fetched(issuer, known)
        if time.monotonic() - known.fetched > KEPT_SECONDS:
            raise Unavailable(
                "identity_provider_unavailable",
                "The identity provider does not answer as it should. Try again shortly, or use a key.",
                retry_after=int(self._again) + 1,
            )
        return _named(known.keys, kid)

    async def _fetched(self, issuer: str, known: _Known) -> None:
        """All who ask at one time wait for one fetch; whoever leaves does not end it."""
        if known.fetching is None:
            known.tried = time.monotonic()
            known.fetching = asyncio.create_task(self._fetch(issuer, known))
        await asyncio.shield(known.fetching)

    async def _fetch(self, issuer: str, known: _Known) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                known.keys = await self.keys(issuer)
            known.fetched = time.monotonic()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, Unusable) as error:
            reason = str(error) if isinstance(error, Unusable) else None
            log.warning("identity_provider_unavailable", issuer=issuer, error=type(error).__name__, reason=reason)
        finally:
            known.fetching = None

    async def keys(self, issuer: str) -> Mapping[str | None, PublicKey]:
        """All usable keys, asked for now. Raises Unusable, and whatever httpx raises."""
        if not is_address(issuer):
            raise Unusable("the issuer is no https address")
        found = await self._document(issuer.rstrip("/") + DISCOVERY)
        if found.get("issuer") != issuer:
            raise Unusable("its discovery document names another issuer")
        address = found.get("jwks_uri")
        if not isinstance(address, str) or not is_address(address):
            raise Unusable("its discovery document names no https address of keys")
        said = (await self._document(address)).get("keys")
        if not isinstance(said, list):
            raise Unusable("its key set is none")
        return _usable(said)

    async def _document(self, address: str) -> dict[str, Any]:
        client = await self._opened()
        async with client.stream("GET", address, headers={"Accept": "application/json"}) as response:
            if response.status_code != httpx.codes.OK:
                raise Unusable(f"it answers {response.status_code}")
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > BYTES:
                    raise Unusable("it answers with too much")
        try:
            document = httpx.Response(200, content=bytes(body)).json()
        except (ValueError, RecursionError):
            raise Unusable("it answers with something that is no JSON") from None
        if not isinstance(document, dict):
            raise Unusable("it answers with something that is no object")
        return document

    async def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # reading the machine's certificates takes tens of milliseconds
            self._client = await asyncio.to_thread(
                lambda: httpx.AsyncClient(transport=self._transport, timeout=FETCH_SECONDS, follow_redirects=False)
            )
        return self._client


def is_address(text: str) -> bool:
    """Whether keys may come from there: over TLS, or from this very machine."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or parts.query:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)


def _usable(said: list[Any]) -> dict[str | None, PublicKey]:
    """Public keys for signatures, by name. What else a set holds concerns others: symmetric keys among it."""
    found: dict[str | None, PublicKey] = {}
    for one in said[:MOST_KEYS]:
        if not isinstance(one, dict) or one.get("use", "sig") != "sig" or not _is_strong(one):
            continue
        key = _read(one)
        kid = one.get("kid")
        if isinstance(key, RSAKey | ECKey | OKPKey) and not key.is_private and (kid is None or isinstance(kid, str)):
            found[kid] = key
    return found


def _read(said: Mapping[str, Any]) -> object:
    """Whatever is wrong with one key concerns that key alone."""
    try:
        return import_key({name: value for name, value in said.items() if isinstance(value, str)})
    except Exception as error:  # noqa: BLE001
        log.info("identity_provider_key_unusable", error=type(error).__name__)
        return None


def _is_strong(said: Mapping[str, Any]) -> bool:
    """An elliptic curve's key, or an RSA key that is long enough."""
    modulus = said.get("n")
    long_enough = isinstance(modulus, str) and len(modulus) * 6 >= RSA_BITS
    return said.get("kty") in ("EC", "OKP") or (said.get("kty") == "RSA" and long_enough)


def _named(keys: Mapping[str | None, PublicKey], kid: str | None) -> PublicKey | None:
    if kid is not None:
        return keys.get(kid)
    return next(iter(keys.values())) if len(keys) == 1 else None
