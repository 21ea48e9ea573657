"""`helpdesk dead-letters`: messages that could not be handled, at the command line."""

import argparse
from collections.abc import Iterator
from uuid import UUID

from helpdesk.domain.dead_letter import DeadLetter, DeathReason, LetterSearch, masked
from helpdesk.domain.ids import DeadLetterId
from helpdesk.domain.usecases.handle_dead_letters import HandleDeadLetters

PAGE = 100


def add_verbs(parser: argparse.ArgumentParser) -> None:
    """Say which verbs there are, and what each takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    shown = verbs.add_parser("list", help="list those that wait, what died last first")
    shown.add_argument("--replayed", action="store_true", help="those that were replayed instead")
    _add_search(shown)
    verbs.add_parser("show", help="show one, with what it says").add_argument("id", type=UUID)
    again = verbs.add_parser("replay", help="send one to its queue again, or all that are found")
    again.add_argument("id", type=UUID, nargs="?")
    again.add_argument("--all", action="store_true", help="all that wait, or that are found")
    _add_search(again)
    verbs.add_parser("discard", help="forget one for good").add_argument("id", type=UUID)


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--queue", default="", help="of this queue only")
    parser.add_argument("--type", default="", help="of this type only")
    parser.add_argument("--reason", choices=[str(it) for it in DeathReason])


async def carry_out(letters: HandleDeadLetters, options: argparse.Namespace) -> Iterator[str]:
    """Do what was asked; return the lines to print.

    Raises:
        DomainError: there is no such letter, or it cannot be read.
    """
    if options.verb == "list":
        return map(line, await _all(letters, _search(options)))
    if options.verb == "show":
        return shown(await letters.show(DeadLetterId(options.id), by=None))
    if options.verb == "discard":
        await letters.discard(DeadLetterId(options.id), by=None)
        return iter(["It is gone."])
    if options.id is not None:
        await letters.replay(DeadLetterId(options.id), by=None)
        return iter(["It is on its way to its queue."])
    return iter([await _replay_all(letters, _search(options))])


async def _all(letters: HandleDeadLetters, search: LetterSearch) -> list[DeadLetter]:
    page = await letters.page(search, by=None, cursor=None, limit=PAGE)
    found = list(page.items)
    while page.next is not None:
        page = await letters.page(search, by=None, cursor=page.next, limit=PAGE)
        found += page.items
    return found


async def _replay_all(letters: HandleDeadLetters, search: LetterSearch) -> str:
    total, left = 0, 0
    while True:
        done = await letters.replay_all(search, by=None)
        total, left = total + done.replayed, done.left
        if not done.replayed or not left:
            return f"{total} on their way to their queues, {left} still wait."


def line(it: DeadLetter) -> str:
    """One line of the list; phone numbers are hidden but for their last digits."""
    when = f"{it.last_at:%Y-%m-%d %H:%M:%S}Z"
    why = f"{it.reason}  {it.error}: {masked(it.detail)}"
    return f"{it.id}  {when}  {it.queue}  {it.type or '?'}  {why}"


def shown(it: DeadLetter) -> Iterator[str]:
    """All there is to know of one."""
    for name in ("id", "queue", "key", "type", "message_id", "correlation", "reason", "error"):
        yield f"{name:12} {getattr(it, name)}"
    for name in ("detail", "attempts", "deaths", "first_at", "last_at", "replayed_at"):
        yield f"{name:12} {getattr(it, name)}"
    yield f"{'body':12} {it.body.decode(errors='backslashreplace')}"


def _search(options: argparse.Namespace) -> LetterSearch:
    return LetterSearch(
        queue=options.queue,
        type=options.type,
        reason=DeathReason(options.reason) if options.reason else None,
        replayed=getattr(options, "replayed", False),
    )
