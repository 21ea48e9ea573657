"""A stand-in for Meta's Graph API and for the phones behind it."""
