"""What everything shown by the API has in common."""

import msgspec


class Out(msgspec.Struct, frozen=True):
    """Something that is shown."""
