"""The person who writes to the firm, known by one or more identities."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from helpdesk.domain.change import Change, Event
from helpdesk.domain.errors import ConflictError, InvalidError, NotFoundError
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import AttendantId, ClientId
from helpdesk.domain.text import one_line

NAME_LIMIT: Final = 200
NOTES_LIMIT: Final = 10_000
TAG_LIMIT: Final = 40
TAGS_LIMIT: Final = 50


class ClientNotFoundError(NotFoundError):
    """There is no such client."""

    code = "client_not_found"


class MergeError(ConflictError):
    """These two clients cannot be merged."""

    code = "merge_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChanged(Event):
    client_id: ClientId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsMerged(Event):
    """`merged_id` lives on in `client_id`; `by` is None when the system saw they are one."""

    client_id: ClientId
    merged_id: ClientId
    by: AttendantId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One person; `merged_into` is set for good when they turned out to be another client."""

    id: ClientId
    name: str
    identities: tuple[Identity, ...]
    created_at: datetime
    notes: str = ""
    tags: tuple[str, ...] = ()
    merged_into: ClientId | None = None

    @classmethod
    def meet(
        cls, id: ClientId, *, name: str, identities: Iterable[Identity], at: datetime
    ) -> Change[Self]:
        """Get to know a person; without a name they are called by their address."""
        known = _distinct(identities)
        if not known:
            raise InvalidError("A client needs at least one address.", field="identities")
        clean = one_line(name)[:NAME_LIMIT] or known[0].value
        return Change(
            cls(id=id, name=clean, identities=known, created_at=at),
            (ClientChanged(at=at, client_id=id),),
        )

    @property
    def phone(self) -> str | None:
        """The first phone number known, E.164, or None."""
        phones = (it.value for it in self.identities if it.scheme is Scheme.PHONE)
        return next(phones, None)

    def also_known_as(self, identities: Iterable[Identity], *, at: datetime) -> "Change[Client]":
        """Learn further addresses; nothing changes when all are known already."""
        together = _distinct((*self.identities, *identities))
        if together == self.identities:
            return Change(self)
        state = replace(self, identities=together)
        return Change(state, (ClientChanged(at=at, client_id=self.id),))

    def describe(
        self,
        *,
        name: str | None = None,
        notes: str | None = None,
        tags: Iterable[str] | None = None,
        at: datetime,
    ) -> "Change[Client]":
        """Change what is given; None leaves a field as it is.

        Raises:
            InvalidError: empty name, too long, or too many tags.
        """
        state = replace(
            self,
            name=self.name if name is None else _valid_name(name),
            notes=self.notes if notes is None else _valid_notes(notes),
            tags=self.tags if tags is None else _valid_tags(tags),
        )
        return Change(state, (ClientChanged(at=at, client_id=self.id),) if state != self else ())

    def absorb(
        self, other: "Client", *, by: AttendantId | None, at: datetime
    ) -> "tuple[Change[Client], Change[Client]]":
        """Take over all that is known of `other`; return both, this one first.

        Save the other first: an address belongs to one client at a time.  Notes and tags beyond
        their limits are left behind.

        Raises:
            MergeError: the same client, or one of them was merged already.
        """
        if other.id == self.id:
            raise MergeError("A client cannot be merged with itself.")
        if self.merged_into or other.merged_into:
            raise MergeError("One of these clients was merged before.")
        kept = replace(
            self,
            identities=_distinct((*self.identities, *other.identities)),
            notes="\n".join(n for n in (self.notes, other.notes) if n)[:NOTES_LIMIT],
            tags=tuple(dict.fromkeys((*self.tags, *other.tags)))[:TAGS_LIMIT],
        )
        gone = replace(other, identities=(), merged_into=self.id)
        merged = ClientsMerged(at=at, client_id=self.id, merged_id=other.id, by=by)
        return Change(kept, (merged,)), Change(gone)


def _distinct(identities: Iterable[Identity]) -> tuple[Identity, ...]:
    seen: dict[tuple[Scheme, str], Identity] = {}
    for it in identities:
        seen.setdefault((it.scheme, it.key), it)
    return tuple(seen.values())


def _valid_name(name: str) -> str:
    clean = one_line(name)
    if not 1 <= len(clean) <= NAME_LIMIT:
        raise InvalidError(f"A name has 1 to {NAME_LIMIT} characters.", field="name")
    return clean


def _valid_notes(notes: str) -> str:
    if len(notes) > NOTES_LIMIT or "\0" in notes:
        raise InvalidError(f"Notes have at most {NOTES_LIMIT} characters, no NUL.", field="notes")
    return notes


def _valid_tags(tags: Iterable[str]) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(one_line(tag) for tag in tags))
    if len(clean) > TAGS_LIMIT or not all(1 <= len(tag) <= TAG_LIMIT for tag in clean):
        raise InvalidError(
            f"At most {TAGS_LIMIT} tags of 1 to {TAG_LIMIT} characters.", field="tags"
        )
    return clean
