"""A token as OpenID Connect providers issue it (RFC 7519, RFC 8725): taken apart, checked, and nothing of it believed before.

Nothing in its header says where keys are or which rules hold: algorithm and key have to suit what is known here.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from app.connectors.issuers import Keys
from app.errors import Unauthenticated

LONGEST = 8_192
LEEWAY_SECONDS = 30
LARGEST = 2**53
ALGORITHMS: Mapping[str, str] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "Ed25519": "OKP",
}
REFUSED_IN_HEADER = ("crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc")
TYPES = ("jwt", "at+jwt", "application/at+jwt")

_FORM = re.compile(r"[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,8000}")


class WrongToken(Unauthenticated):
    """A token was sent, and it opens nothing."""

    def __init__(self, detail: str, code: str = "invalid_token") -> None:
        super().__init__(code, detail, headers={"WWW-Authenticate": 'Bearer realm="giliran", error="invalid_token"'})


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says of itself. None of it is believed until `verified`."""

    text: str = field(repr=False)
    algorithm: str
    kid: str | None
    claims: Mapping[str, Any] = field(repr=False)

    @property
    def issuer(self) -> str:
        return str(self.claims["iss"])

    @property
    def subject(self) -> str:
        return str(self.claims["sub"])

    @property
    def ends(self) -> int:
        """Seconds since 1970."""
        return int(self.claims["exp"])


def looks_like_a_token(text: str) -> bool:
    return len(text) <= LONGEST and _FORM.fullmatch(text) is not None


def read_token(text: str) -> Token:
    """Raises WrongToken for what cannot be one that is taken here, whoever signed it."""
    head, body, _ = text.split(".")
    header, claims = _object(head), _object(body)
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise WrongToken(f"A token is signed with one of {', '.join(ALGORITHMS)}.")
    if any(name in header for name in REFUSED_IN_HEADER):
        raise WrongToken("The token's header asks for something that is not done here.")
    if not isinstance(kind, str) or kind.lower() not in TYPES or (kid is not None and not isinstance(kid, str)):
        raise WrongToken("The token's header cannot be understood.")
    for name in ("iss", "sub"):
        if not isinstance(claims.get(name), str) or not 0 < len(claims[name]) <= 500 or not claims[name].isprintable():
            raise WrongToken(f"The token has no {name}.")
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name)
        if (value is None and name == "exp") or (value is not None and (type(value) is not int or not 0 < value < LARGEST)):
            raise WrongToken(f"The token's {name} is no time.")
    return Token(text, algorithm, kid, claims)


async def verified(token: Token, *, audience: str, keys: Keys) -> Token:
    """The token, once its issuer's key has signed it for this audience and this moment. Whose issuer it is the caller knows.

    Raises WrongToken, and Unavailable where the issuer's keys cannot be had.
    """
    said = token.claims.get("aud")
    if audience not in (said if isinstance(said, list) else [said]):
        raise WrongToken("The token was issued for another audience.")
    _check_times(token)
    key = await keys.of(token.issuer, token.kid)
    if key is None or key.key_type != ALGORITHMS[token.algorithm]:
        raise WrongToken("The token is signed with a key that its issuer has not published.")
    if (of_key := key.as_dict(private=False).get("alg")) not in (None, token.algorithm):
        raise WrongToken(f"The token's key is for {of_key}.")
    try:
        jws.deserialize_compact(token.text, key, algorithms=[token.algorithm])
    except (JoseError, ValueError, TypeError):
        raise WrongToken("The token's signature is wrong.") from None
    return token


def _check_times(token: Token) -> None:
    now = time.time()
    if token.ends <= now - LEEWAY_SECONDS:
        raise WrongToken("The token has expired. Sign in again.", "token_expired")
    for name in ("nbf", "iat"):
        if token.claims.get(name, 0) > now + LEEWAY_SECONDS:
            raise WrongToken("The token is not valid yet.")


def _object(part: str) -> dict[str, Any]:
    """The JSON object of a part, read as strictly as a body."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        found = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (binascii.Error, ValueError, RecursionError):
        raise WrongToken("The token cannot be read.") from None
    if not isinstance(found, dict):
        raise WrongToken("The token cannot be read.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(_name: str) -> None:
    raise ValueError
