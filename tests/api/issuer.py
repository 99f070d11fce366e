"""A real issuer on this machine: a discovery document and keys over HTTP, and all that can be wrong with them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

Key = RSAKey | ECKey | OKPKey | OctKey
AUDIENCE = "giliran"


@dataclass(slots=True)
class Issuer:
    """`mode` says how it behaves; `asked` counts requests for its key set."""

    address: str = ""
    keys: dict[str, Key] = field(default_factory=dict)
    mode: str = "well"
    named: str | None = None  # another issuer in its document
    asked: int = 0
    open: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def token(
        self, kid: str = "rsa", *, algorithm: str | None = None, header: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """A token that is right, but for what is said otherwise; None takes a claim away."""
        now = int(time.time())
        usual = {"iss": self.address, "aud": AUDIENCE, "sub": "siti", "iat": now, "exp": now + 300, **claims}
        said = json.dumps({name: value for name, value in usual.items() if value is not None})
        key = self.keys[kid]
        chosen = algorithm or {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519", "oct": "HS256"}[key.key_type]
        return jws.serialize_compact({"alg": chosen, "kid": kid, **(header or {})}, said, key, algorithms=[chosen])

    def add(self, kid: str, key: Key) -> None:
        self.keys[kid] = key

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.writers.append(writer)
        while line := await reader.readline():
            while (await reader.readline()).strip():
                pass
            if self.mode == "silent":
                await reader.read()  # until the other side has had enough
                break
            self._answer(line.split()[1].decode(), writer)
        self.open -= 1
        writer.close()

    def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        if self.mode == "redirect":
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {self.address}/elsewhere\r\nContent-Length: 0\r\n\r\n".encode())
            return
        body = self._document(path)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def _document(self, path: str) -> bytes:
        if self.mode == "huge":
            return b'{"a": "' + b"a" * 1_000_000 + b'"}'
        if self.mode == "nonsense":
            return b"<html>"
        if path == "/keys":
            self.asked += 1
            public = [{**key.as_dict(private=key.key_type == "oct"), "kid": kid} for kid, key in self.keys.items()]
            return json.dumps({"keys": [*public, {"kty": "new"}, 7]}).encode()
        return json.dumps({"issuer": self.named or self.address, "jwks_uri": f"{self.address}/keys"}).encode()


@cache
def rsa(number: int) -> RSAKey:
    """The same key for the same number: making one takes long."""
    return RSAKey.generate_key(2048, {"kid": str(number)})


@asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    """With an RSA and an EC key."""
    issuer = Issuer()
    issuer.add("rsa", rsa(0))
    issuer.add("ec", ECKey.generate_key("P-256"))
    server = await asyncio.start_server(issuer.serve, "127.0.0.1", 0)
    issuer.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield issuer
    finally:
        server.close()
        for writer in issuer.writers:
            writer.close()
        await asyncio.sleep(0.01)
