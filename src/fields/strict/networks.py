"""Which network addresses are nobody's public server, so that nothing may be fetched from them.

Sources: the IANA registries of special-purpose IPv4 and IPv6 addresses (RFC 6890 and its updates), and what
translates or tunnels to IPv4 (NAT64, 6to4, Teredo), behind which a private address may stand; and the public
address at which Azure serves its virtual machines.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_SPECIAL = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "a carrier's network",
    "127.0.0.0/8": "this machine",
    "168.63.129.16/32": "a cloud's own services",
    "169.254.0.0/16": "the local link, where clouds keep their metadata",
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "protocols of the IETF",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relays of old",
    "192.168.0.0/16": "a private network",
    "198.18.0.0/15": "benchmarks",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "many receivers at once",
    "240.0.0.0/4": "nothing yet",
    "::/96": "this machine, or IPv4 of old",
    "::ffff:0:0:0/96": "IPv4 by translation",
    "64:ff9b::/96": "IPv4 by NAT64",
    "64:ff9b:1::/48": "IPv4 by local NAT64",
    "100::/64": "discarding",
    "100:0:0:1::/64": "a dummy",
    "2001::/23": "protocols of the IETF, Teredo among them",
    "2001:db8::/32": "documentation",
    "2002::/16": "IPv4 by 6to4",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "a private network",
    "fe80::/10": "the local link",
    "fec0::/10": "a private network of old",
    "ff00::/8": "many receivers at once",
}
# Names that resolve to this machine or inside somebody's house: RFC 6761, 6762, 8375, and habit.
_LOCAL_SUFFIXES = (
    *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"),
    *("home.arpa", "test", "invalid", "onion"),
)


def special_purpose(address: str) -> str | None:
    """What the IP address is for, if it is no public server's. Raises ValueError for what is no address."""
    found: IPv4Address | IPv6Address = ip_address(address.strip("[]"))
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return next((purpose for network, purpose in _networks() if found in network), None)


def is_local_name(host: str) -> bool:
    """Whether a name resolves, if at all, inside the network that asks: localhost, nas, printer.local."""
    name = host.rstrip(".").lower()
    return "." not in name or any(name == suffix or name.endswith(f".{suffix}") for suffix in _LOCAL_SUFFIXES)


@lru_cache
def _networks() -> tuple[tuple[IPv4Network | IPv6Network, str], ...]:
    return tuple((ip_network(network), purpose) for network, purpose in _SPECIAL.items())
