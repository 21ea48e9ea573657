"""Addresses by which one person is known: phone, LID, BSUID, username.

A phone number is not an identity: webhooks may carry none, and a Brazilian mobile number exists
with and without its ninth digit.  `value` is the address as the bridge gave it, to be used when
sending; `key` is what two spellings of the same address share.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from helpdesk.domain.errors import InvalidError

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")  # ITU-T E.164: at most 15 digits
_PUNCTUATION: Final = re.compile(r"[\s().-]")
# Brazilian mobile numbers got a ninth digit, always 9, until 2016; WhatsApp ids keep the old form
# for accounts made before.  Eight-digit numbers from 6 up are mobile, below are landlines (Anatel).
_BRAZIL_MOBILE_OLD: Final = re.compile(r"\+55(\d\d)([6-9]\d{7})")


class Scheme(StrEnum):
    PHONE = "phone"  # E.164 with its plus sign
    LID = "lid"  # WhatsApp's privacy id
    BSUID = "bsuid"  # WhatsApp's business-scoped id
    USERNAME = "username"


@dataclass(frozen=True, slots=True)
class Identity:
    """One address of one person.  Make phones with `Identity.phone`."""

    scheme: Scheme
    value: str

    @classmethod
    def phone(cls, text: str) -> Self:
        """Read an international number, with or without its plus sign and punctuation.

        Raises:
            InvalidError: not 7 to 15 digits with a country code.
        """
        digits = _PUNCTUATION.sub("", text)
        number = digits if digits.startswith("+") else f"+{digits}"
        if not (number.isascii() and _E164.fullmatch(number)):
            raise InvalidError(
                "Give the number with its country code, for example +5511912345678.", field="phone"
            )
        return cls(Scheme.PHONE, number)

    @property
    def key(self) -> str:
        """The canonical spelling: equal keys of one scheme are one person."""
        if self.scheme is Scheme.PHONE and (old := _BRAZIL_MOBILE_OLD.fullmatch(self.value)):
            return f"+55{old[1]}9{old[2]}"
        return self.value.lower() if self.scheme is Scheme.USERNAME else self.value
