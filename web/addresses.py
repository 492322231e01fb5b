"""Where a request comes from, as tries are counted. Pure but for the request."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from fastapi import Request

HOUSE: Final = 64
"""So many bits of an address of the sixth version name a house; the rest is any of its devices."""


def address_of(request: Request) -> str:
    """Empty where nobody knows."""
    return network_of(request.client.host) if request.client else ""


def network_of(host: str) -> str:
    """The network of whoever has a whole one to come from; the same for both ways to write an
    address of the fourth version."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), HOUSE), strict=False))
