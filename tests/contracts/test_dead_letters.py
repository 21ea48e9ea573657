"""What could not be handled: kept once, found, sent again through the outbox, forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.adapters.wire import events as wire
from helpdesk.domain.dead_letter import (
    DeadLetter,
    DeadLetterNotFoundError,
    DeathReason,
    LetterSearch,
    Replayed,
    UnreadableLetterError,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.ports.dead_letters import DeadLetters
from helpdesk.ports.outbox import Destination, Outbox
from tests.support.clock import NOON
from tests.support.letters import a_foreign_letter, a_letter

LATER = NOON + timedelta(hours=1)
ANY = LetterSearch()


async def kept(letters: DeadLetters, *them: DeadLetter) -> None:
    for it in them:
        await letters.keep(it)


async def found(letters: DeadLetters, search: LetterSearch = ANY) -> list[DeadLetter]:
    return list((await letters.page(search, cursor=None, limit=50)).items)


@pytest.mark.parametrize("letter", [a_letter(), a_foreign_letter()], ids=["ours", "foreign"])
async def test_a_letter_comes_back_as_it_was_kept(
    dead_letters: DeadLetters, letter: DeadLetter
) -> None:
    await dead_letters.keep(letter)
    assert await dead_letters.letter(letter.id) == letter


async def test_nobody_heard_of_a_letter_that_was_not_kept(dead_letters: DeadLetters) -> None:
    with pytest.raises(DeadLetterNotFoundError):
        await dead_letters.letter(a_letter().id)
    with pytest.raises(DeadLetterNotFoundError):
        await dead_letters.replay(a_letter().id, at=LATER)
    with pytest.raises(DeadLetterNotFoundError):
        await dead_letters.discard(a_letter().id)


async def test_a_letter_that_is_told_twice_is_one(dead_letters: DeadLetters) -> None:
    await kept(dead_letters, a_letter(), a_letter())
    assert await found(dead_letters) == [a_letter()]


async def test_what_dies_again_is_the_same_letter_and_waits_again(
    dead_letters: DeadLetters,
) -> None:
    await dead_letters.keep(a_letter(attempts=2))
    await dead_letters.replay(a_letter().id, at=LATER)
    again = a_letter(attempts=3, detail="Still.", first_at=LATER, last_at=LATER)
    await kept(dead_letters, again, a_letter(attempts=2))  # the second is an echo of the first
    shown = replace(again, attempts=5, deaths=2, first_at=a_letter().first_at)
    assert await found(dead_letters) == [shown]


async def test_the_last_to_die_come_first_page_by_page(dead_letters: DeadLetters) -> None:
    await kept(dead_letters, *(a_letter(n) for n in (2, 1, 3)))
    first = await dead_letters.page(ANY, cursor=None, limit=2)
    second = await dead_letters.page(ANY, cursor=first.next, limit=2)
    assert [*first.items, *second.items] == [a_letter(n) for n in (3, 2, 1)]
    assert second.next is None
    with pytest.raises(InvalidError):
        await dead_letters.page(ANY, cursor="nonsense", limit=2)


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        (LetterSearch(queue="session.1"), [2]),
        (LetterSearch(type="other.v1"), [3]),
        (LetterSearch(reason=DeathReason.EXHAUSTED), [4]),
        (LetterSearch(queue="inbound", reason=DeathReason.REFUSED), [3, 1]),
        (LetterSearch(replayed=True), [5]),
    ],
    ids=repr,
)
async def test_letters_are_found_by_what_they_are(
    dead_letters: DeadLetters, search: LetterSearch, numbers: list[int]
) -> None:
    different = [
        a_letter(1),
        a_letter(2, queue="session.1"),
        a_letter(3, type="other.v1"),
        a_letter(4, reason=DeathReason.EXHAUSTED),
        a_letter(5),
    ]
    await kept(dead_letters, *different)
    await dead_letters.replay(different[4].id, at=LATER)
    ids = [different[n - 1].id for n in numbers]
    assert [it.id for it in await found(dead_letters, search)] == ids
    assert sum((await dead_letters.waiting()).values()) == 4


async def test_a_replay_goes_through_the_outbox_to_the_queue_it_came_from(
    dead_letters: DeadLetters, outbox: Outbox
) -> None:
    letter = a_letter(queue="session.7")
    await dead_letters.keep(letter)
    await dead_letters.replay(letter.id, at=LATER)
    (entry,) = await outbox.pending(Destination.BROKER, limit=10)
    assert (entry.queue, entry.key) == ("session.7", letter.key)
    assert (entry.envelope.id, entry.envelope.trail) == (letter.envelope_id, letter.trail)
    assert wire.encode(entry.envelope.event) == (letter.type, letter.body)
    assert entry.envelope.correlation == letter.correlation
    assert (await dead_letters.letter(letter.id)).replayed_at == LATER
    assert await found(dead_letters) == []
    assert await outbox.pending(Destination.FEED, limit=10) == []


@pytest.mark.parametrize(
    "letter",
    [
        a_foreign_letter(),
        a_letter(type="of.tomorrow.v1"),
        a_letter(body=b"{"),
        a_letter(message_id="x"),
    ],
    ids=["foreign", "of a newer release", "broken", "without our id"],
)
async def test_what_nobody_can_read_is_not_replayed_and_stays(
    dead_letters: DeadLetters, outbox: Outbox, letter: DeadLetter
) -> None:
    await dead_letters.keep(letter)
    with pytest.raises(UnreadableLetterError):
        await dead_letters.replay(letter.id, at=LATER)
    assert await dead_letters.replay_all(ANY, at=LATER, limit=10) == Replayed(0, 1)
    assert await outbox.pending(Destination.BROKER, limit=10) == []
    assert await found(dead_letters) == [letter]


async def test_all_are_replayed_in_the_order_in_which_they_came(
    dead_letters: DeadLetters, outbox: Outbox
) -> None:
    broken = a_letter(1, body=b"{")
    await kept(dead_letters, *(a_letter(n) for n in (4, 2, 3)), broken)
    await dead_letters.keep(a_letter(5, queue="session.1"))
    wanted = LetterSearch(queue="inbound")
    assert await dead_letters.replay_all(wanted, at=LATER, limit=2) == Replayed(2, 2)
    assert await dead_letters.replay_all(wanted, at=LATER, limit=2) == Replayed(1, 1)
    sent = await outbox.pending(Destination.BROKER, limit=10)
    assert [it.envelope.id for it in sent] == [a_letter(n).envelope_id for n in (2, 3, 4)]
    assert await dead_letters.waiting() == {"inbound": 1, "session.1": 1}


async def test_a_discarded_letter_is_gone(dead_letters: DeadLetters) -> None:
    await kept(dead_letters, a_letter(1), a_letter(2))
    await dead_letters.discard(a_letter(1).id)
    assert await found(dead_letters) == [a_letter(2)]


async def test_only_what_was_replayed_long_ago_is_forgotten(dead_letters: DeadLetters) -> None:
    await kept(dead_letters, *(a_letter(n) for n in (1, 2, 3)))
    await dead_letters.replay(a_letter(1).id, at=NOON)
    await dead_letters.replay(a_letter(2).id, at=LATER)
    await dead_letters.prune(before=NOON + timedelta(minutes=30))
    assert [it.id for it in await found(dead_letters)] == [a_letter(3).id]
    replayed = await found(dead_letters, LetterSearch(replayed=True))
    assert [it.id for it in replayed] == [a_letter(2).id]
