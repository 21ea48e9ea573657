"""`ports.conversion.Conversion` on PyAV and Pillow."""

from dataclasses import replace
from pathlib import Path

from helpdesk.adapters.pyav.pool import DiedError, Pool, TookTooLongError
from helpdesk.adapters.pyav.recognise import NO_TYPE, recognise
from helpdesk.adapters.pyav.tasks import ALONE, Answer, MadeFile, Task
from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import PHOTO_SIZE, Form
from helpdesk.ports.conversion import Converted, Made


class PyAvConversion:
    def __init__(self, pool: Pool, films: Pool) -> None:
        """Encode films with workers of their own, so that nothing else waits for them."""
        self._pool = pool
        self._films = films

    def recognise(self, head: bytes, *, claimed: MediaKind, name: str, mime: str) -> Recognised:
        del mime  # whoever may choose the name may choose this, and it says less
        return recognise(head, claimed=claimed, name=name)

    async def convert(
        self,
        original: Path,
        recognised: Recognised,
        *,
        into: Path,
        forms: frozenset[Form],
        photo_size: int = PHOTO_SIZE,
    ) -> Converted:
        if recognised.kind is MediaKind.DOCUMENT:
            return Converted(recognised=recognised)
        task = Task(
            source=str(original),
            recognised=recognised,
            into=str(into),
            forms=forms,
            photo_size=photo_size,
        )
        if recognised.kind is MediaKind.VIDEO and forms == ALONE:
            answer = await self._ask(self._films, task)
            answer = replace(answer, recognised=recognised)  # it was seen to be a film
        else:
            answer = await self._ask(self._pool, task)
        return Converted(
            recognised=answer.recognised,
            facts=answer.facts,
            made={form: _made(it, into) for form, it in answer.made.items()},
            reason=answer.reason,
            later=answer.later,
        )

    async def _ask(self, pool: Pool, task: Task) -> Answer:
        """Ask twice when a worker dies: it may have been ended for want of memory elsewhere."""
        try:
            return await pool.do(task)
        except TookTooLongError as error:
            return _document(str(error))
        except DiedError:
            try:
                return await pool.do(task)
            except DiedError as error:
                return _document(str(error))


def _document(reason: str) -> Answer:
    return Answer(recognised=Recognised(kind=MediaKind.DOCUMENT, mime=NO_TYPE), reason=reason)


def _made(it: MadeFile, into: Path) -> Made:
    path = into / Path(it.name).name  # of this directory only, whatever took hold of the worker
    return Made(path=path, mime=it.mime, width=it.width, height=it.height)
