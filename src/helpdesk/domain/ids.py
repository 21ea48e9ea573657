"""Identifiers: one type per entity, so that mypy refuses to mix them up.

All are UUID version 7, except those that come from an idempotency key (version 8, see `requests`).
"""

from typing import NewType
from uuid import UUID

ClientId = NewType("ClientId", UUID)
AttendanceId = NewType("AttendanceId", UUID)
MessageId = NewType("MessageId", UUID)
MediaId = NewType("MediaId", UUID)  # of the file of one message
AttendantId = NewType("AttendantId", UUID)
SectorId = NewType("SectorId", UUID)
DeadLetterId = NewType("DeadLetterId", UUID)  # version 5: of what died
SessionId = NewType("SessionId", UUID)  # a WhatsApp number of ours, not a sign-in
DeviceId = NewType("DeviceId", UUID)  # a browser or a phone that gets pushes
