"""Templates of numbers of several bridges: each asked by its own adapter, opened when needed."""

from dataclasses import dataclass
from typing import TypedDict

from helpdesk.container import UseCases
from helpdesk.domain.session import Session
from helpdesk.domain.template import Template
from helpdesk.domain.usecases.send_template import ReadTemplates, SendTemplate
from helpdesk.opening import Opening
from helpdesk.ports.templates import Templates


@dataclass(frozen=True, slots=True)
class TemplatesByBridge:
    opening: Opening

    async def of(self, session: Session) -> list[Template]:
        adapter: Templates = await self.opening.templates(session.bridge)
        return await adapter.of(session)


class TemplateCases(TypedDict):
    read_templates: ReadTemplates
    send_template: SendTemplate


def template_cases(cases: UseCases, templates: Templates) -> TemplateCases:
    """Wire what has to do with templates."""
    read = ReadTemplates(
        directory=cases.directory(), templates=templates, abilities=cases.abilities()
    )
    send = SendTemplate(
        read_templates=read,
        send_reply=cases.send_reply(),
        open_attendance=cases.open_attendance(),
    )
    return {"read_templates": read, "send_template": send}
