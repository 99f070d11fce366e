"""Where a request comes from: the peer, or what our own proxies say in X-Forwarded-For. Nobody else is believed."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

Network = IPv4Network | IPv6Network


def address_of(request: HTTPConnection, proxies: str) -> str:
    """The last address that is no proxy of ours; what stands before it anybody may have written."""
    peer = request.client.host if request.client else ""
    networks = _networks(proxies)
    if not networks or not _is_in(peer, networks):
        return peer
    said = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for address in reversed([part.strip() for part in said if part.strip()]):
        if not _is_in(address, networks):
            return address
    return peer


@lru_cache(maxsize=4)
def _networks(proxies: str) -> tuple[Network, ...]:
    return tuple(ip_network(one.strip()) for one in proxies.split(",") if one.strip())


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)
