"""Which names this service answers to. Without it a page of another site could have its own name point here (DNS rebinding)."""

import re
from ipaddress import ip_address

from app.settings import Settings

ANY = "*"
LOCAL = frozenset({"localhost"})
KEPT = 1_000

_FORM = re.compile(rb"(?:([A-Za-z0-9._-]{1,255})|\[([0-9A-Fa-f:.]{2,45})\])(?::[0-9]{1,5})?")


class Hosts:
    """`names` are in lower case, without a port; None answers to all. An address is no name: nobody else can have it point here."""

    def __init__(self, names: frozenset[str] | None) -> None:
        self._names = names
        self._known: set[bytes] = set()

    def check(self, sent: bytes) -> str | None:
        """What is wrong with a Host; None when there is nothing. One that was right before costs a look into a set."""
        if sent in self._known:
            return None
        found = _FORM.fullmatch(sent)
        if found is None:
            return "Host cannot be understood."
        if not self._answers_to((found[1] or found[2]).decode().lower()):
            return "This service does not answer to the name that Host gives. Its operator lists names in GILIRAN_ALLOWED_HOSTS."
        if len(self._known) < KEPT:
            self._known.add(sent)
        return None

    def _answers_to(self, name: str) -> bool:
        return self._names is None or name.rstrip(".") in self._names or _is_address(name)


EVERY = Hosts(None)


def hosts_of(settings: Settings) -> Hosts:
    """The names that are set; else localhost where only this machine gets here, and every name where others do."""
    listed = frozenset(filter(None, (name.strip().lower().rstrip(".") for name in settings.allowed_hosts.split(","))))
    if ANY in listed or (not listed and not _is_loopback(settings.host)):
        return Hosts(None)
    return Hosts(listed | LOCAL)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)
