"""A message template that WhatsApp has approved: its variables, and what comes of filling them.

A text has its variables in double braces: {{1}}, {{2}} … or {{name}}.  A variable of the header or
of a button's address is known by its part too, as `header.1` or `button.2` (the second button).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from helpdesk.domain.errors import InvalidError

BODY_LIMIT: Final = 1024  # WhatsApp's own, for the body with its variables filled
VALUE_LIMIT: Final = 1024
FIELD: Final = "template"
_VARIABLE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FORBIDDEN: Final = re.compile(r"[\0\n\r\t\ud800-\udfff]| {5}")


class TemplateStatus(StrEnum):
    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"
    PAUSED = "paused"  # clients complained of it
    DISABLED = "disabled"


class Part(StrEnum):
    HEADER = "header"
    BODY = "body"
    BUTTON = "button"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """`key` is how a caller names it, `name` what stands between the braces."""

    key: str
    part: Part
    name: str
    button: int = 0  # of which button, from 1
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Only the address of a link may have a variable."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a variable was filled with; see `Variable`."""

    part: Part
    name: str
    text: str
    button: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTemplate:
    """What a bridge needs in order to send it, beside the text that it makes."""

    name: str
    language: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChoice:
    """Which template somebody wants, and its variables by their keys."""

    name: str
    language: str
    variables: Mapping[str, str]

    def is_of(self, filled: FilledTemplate | None) -> bool:
        """Whether this is what was chosen then."""
        if filled is None or (filled.name, filled.language) != (self.name, self.language):
            return False
        return {_key(it.part, it.name, it.button): it.text for it in filled.values} == dict(
            self.variables
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`language` is WhatsApp's code, such as pt_BR; `examples` are by the variables' keys."""

    name: str
    language: str
    category: str  # utility, marketing, authentication
    body: str
    header: str = ""
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    status: TemplateStatus = TemplateStatus.APPROVED
    examples: Mapping[str, str]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Each once: the header's, the body's, the buttons'; numbered ones by their number."""
        found = [
            *self._of(Part.HEADER, self.header),
            *self._of(Part.BODY, self.body),
            *(it for at, one in enumerate(self.buttons, 1) for it in self._of_button(at, one)),
        ]
        return tuple(found)

    def fill(self, variables: Mapping[str, str]) -> tuple[str, FilledTemplate]:
        """Return the text as the client will read it, and what the bridge sends.

        Raises:
            InvalidError: a variable is missing, is not one of the template's, or has a value that
                WhatsApp refuses; the field is `template.variables.<key>`.
        """
        wanted = self.variables
        keys = [it.key for it in wanted]
        for key in variables:
            if key not in keys:
                raise _wrong(key, f"This template has no such variable. It has {_listed(keys)}.")
        values = tuple(
            Value(
                part=it.part,
                name=it.name,
                text=_valid(it.key, variables.get(it.key, "")),
                button=it.button,
            )
            for it in wanted
        )
        return self._text(values), FilledTemplate(
            name=self.name, language=self.language, values=values
        )

    def _text(self, values: tuple[Value, ...]) -> str:
        header = _filled(self.header, values, Part.HEADER)
        body = _filled(self.body, values, Part.BODY)
        if len(body) > BODY_LIMIT:
            raise InvalidError(
                f"With these values the text has {len(body)} characters; WhatsApp takes up to "
                f"{BODY_LIMIT}. Shorten them.",
                field=f"{FIELD}.variables",
            )
        buttons = "\n".join(f"[{it.text}]" for it in self.buttons)
        return "\n\n".join(it for it in (header, body, self.footer, buttons) if it)

    def _of(self, part: Part, text: str) -> Iterator[Variable]:
        for name in sorted(dict.fromkeys(_VARIABLE.findall(text)), key=_by_number):
            key = _key(part, name, 0)
            yield Variable(key=key, part=part, name=name, example=self.examples.get(key, ""))

    def _of_button(self, at: int, it: Button) -> Iterator[Variable]:
        for name in _VARIABLE.findall(it.url)[:1]:
            key = _key(Part.BUTTON, name, at)
            example = self.examples.get(key, "")
            yield Variable(key=key, part=Part.BUTTON, name=name, button=at, example=example)


def pick(templates: list[Template], choice: TemplateChoice) -> Template:
    """Find what was chosen among those that may be sent.

    Raises:
        InvalidError: there is none of this name and language; fields of `template`.
    """
    named = [it for it in templates if it.name == choice.name]
    if not named:
        raise InvalidError(
            "This number has no approved template of that name. List its templates, and take one.",
            field=f"{FIELD}.name",
        )
    for it in named:
        if it.language == choice.language:
            return it
    languages = _listed([it.language for it in named])
    raise InvalidError(
        f"This template is not approved in that language, but in {languages}.",
        field=f"{FIELD}.language",
    )


def _key(part: Part, name: str, button: int) -> str:
    match part:
        case Part.HEADER:
            return f"header.{name}"
        case Part.BUTTON:
            return f"button.{button}"
        case _:
            return name


def _by_number(name: str) -> int:
    """Names stay in the order of the text: sorting is stable."""
    return int(name) if name.isdecimal() else 0


def _filled(text: str, values: tuple[Value, ...], part: Part) -> str:
    known = {it.name: it.text for it in values if it.part is part}
    return _VARIABLE.sub(lambda it: known[it[1]], text)


def _valid(key: str, text: str) -> str:
    if not text.strip():
        raise _wrong(key, "Give a value: WhatsApp sends no template with an empty variable.")
    if len(text) > VALUE_LIMIT:
        raise _wrong(key, f"A value has at most {VALUE_LIMIT} characters.")
    if _FORBIDDEN.search(text):
        raise _wrong(key, "A value is one line: no line breaks, tabs or five spaces in a row.")
    return text


def _wrong(key: str, reason: str) -> InvalidError:
    return InvalidError(reason, field=f"{FIELD}.variables.{key[:80]}")


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
