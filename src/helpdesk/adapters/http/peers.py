"""Who is at the other end: the client's address, and whether it is a person at this machine."""

from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from helpdesk.adapters.http.options import HttpOptions

_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
_IPV6_HOME: Final = 64  # bits: a home gets a whole /64 (RFC 6177), so it counts as one


def address_of(request: web.Request, trusted_proxies: int) -> str:
    """The client's address, as the last proxy that we trust has seen it."""
    address = request.remote or ""
    if trusted_proxies:
        named = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
        chain = [it.strip() for it in named if it.strip()]
        if chain:
            address = chain[-min(trusted_proxies, len(chain))]
    return address


def neighbourhood(address: str) -> str:
    """What shares one allowance of requests."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:64]
    if ip.version == 6 and ip.ipv4_mapped is None:
        return str(ip_network((ip, _IPV6_HOME), strict=False))
    return str(ip)


def is_same_origin(request: web.Request, options: HttpOptions) -> bool:
    """Whether the page that sent this is ours; a request without an Origin is of no page.

    A page of another site cannot choose our Host header.
    """
    origin = request.headers.get("Origin")
    if origin is None or origin == options.base_url:
        return True
    try:
        return urlsplit(origin).netloc.lower() == request.headers.get("Host", "").lower() != ""
    except ValueError:
        return False


def is_at_this_machine(request: web.Request, options: HttpOptions) -> bool:
    """Whether a person at this machine asks: neither a proxy, nor a foreign page in a browser.

    A name that was bound to 127.0.0.1 by somebody else (DNS rebinding) comes with its own Host.
    """
    return (
        not options.is_behind_proxy
        and not any(it in request.headers for it in _FORWARDED)
        and _is_loopback(request.remote)
        and _host_of(request.headers.get("Host", "")) in _own_hosts(options)
        and is_same_origin(request, options)
    )


def _is_loopback(address: str | None) -> bool:
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False


def _host_of(authority: str) -> str:
    return authority.lower().rsplit(":", 1)[0] if authority[-1:] != "]" else authority.lower()


def _own_hosts(options: HttpOptions) -> frozenset[str]:
    return _LOOPBACK_NAMES | {_host_of(urlsplit(options.base_url).netloc)}
