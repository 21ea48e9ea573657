"""Message templates: which a number has, and how a request names one."""

from typing import Annotated, Final, Self

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body
from helpdesk.adapters.http.views import ListOut, list_of
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import NotCapableError, SessionNotFoundError
from helpdesk.domain.template import Button, Part, Template, TemplateChoice, Variable

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=512, pattern=NO_NUL)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=NO_NUL)]
Filling = Annotated[str, msgspec.Meta(max_length=1024, pattern=NO_NUL)]


class TemplateBody(Body, frozen=True):
    """`variables` are by their keys, as the number's list of templates has them."""

    name: Name
    language: Code
    variables: dict[str, Filling] = msgspec.field(default_factory=dict)

    @property
    def choice(self) -> TemplateChoice:
        return TemplateChoice(name=self.name, language=self.language, variables=self.variables)


class VariableOut(Out, frozen=True):
    """`name` stands in double braces in its part; `button` counts from 1, and is 0 elsewhere."""

    key: str
    part: Part
    name: str
    button: int
    example: str

    @classmethod
    def of(cls, it: Variable) -> Self:
        return cls(it.key, it.part, it.name, it.button, it.example)


class ButtonOut(Out, frozen=True):
    text: str
    url: str | None

    @classmethod
    def of(cls, it: Button) -> Self:
        return cls(it.text, it.url or None)


class TemplateOut(Out, frozen=True):
    name: str
    language: str
    category: str
    header: str | None
    body: str
    footer: str | None
    buttons: list[ButtonOut]
    variables: list[VariableOut]

    @classmethod
    def of(cls, it: Template) -> Self:
        return cls(
            name=it.name,
            language=it.language,
            category=it.category,
            header=it.header or None,
            body=it.body,
            footer=it.footer or None,
            buttons=[ButtonOut.of(one) for one in it.buttons],
            variables=[VariableOut.of(one) for one in it.variables],
        )


@endpoint(
    "GET /v1/sessions/{id}/templates",
    takes=Nothing,
    returns=ListOut[TemplateOut],
    errors=(SessionNotFoundError, NotCapableError),
)
async def list_templates(call: Call[Nothing]) -> ListOut[TemplateOut]:
    """List the approved templates of a number, by name; they may be some minutes old."""
    return list_of(await call.cases.read_templates(SessionId(call.id)), TemplateOut.of)


ENDPOINTS: Final = (list_templates,)
