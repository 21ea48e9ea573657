"""Templates: which variables they have, what filling them makes, and what may not be filled in."""

from typing import Any

import pytest

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.template import (
    Button,
    FilledTemplate,
    Part,
    Template,
    TemplateChoice,
    Value,
    pick,
)


def a_template(body: str = "Olá, {{1}}!", **properties: Any) -> Template:
    defaults: dict[str, Any] = {
        "name": "hello",
        "language": "pt_BR",
        "category": "utility",
        "examples": {},
    }
    return Template(body=body, **(defaults | properties))


RICH = a_template(
    "{{ cliente }}, chega {{dia}}. Obrigado, {{cliente}}!",
    header="Pedido {{1}}",
    footer="Loja",
    buttons=(Button(text="Falar"), Button(text="Ver", url="https://x.example/{{1}}")),
    examples={"cliente": "Ana", "header.1": "7", "button.2": "abc"},
)
FILLED = {"header.1": "1042", "cliente": "Rita", "dia": "hoje", "button.2": "1042"}


def test_variables_are_listed_once_and_numbers_in_order() -> None:
    assert [it.key for it in a_template("{{10}} {{2}} {{1}} {{2}}").variables] == ["1", "2", "10"]
    assert [it.key for it in RICH.variables] == ["header.1", "cliente", "dia", "button.2"]
    assert [it.example for it in RICH.variables] == ["7", "Ana", "", "abc"]
    assert [(it.part, it.button) for it in RICH.variables][2:] == [(Part.BODY, 0), (Part.BUTTON, 2)]
    assert a_template("Atendemos das 9 às 18.").variables == ()


def test_filling_makes_the_text_that_the_client_reads() -> None:
    text, filled = RICH.fill(FILLED)
    assert text == "Pedido 1042\n\nRita, chega hoje. Obrigado, Rita!\n\nLoja\n\n[Falar]\n[Ver]"
    assert filled == FilledTemplate(
        name="hello",
        language="pt_BR",
        values=(
            Value(part=Part.HEADER, name="1", text="1042"),
            Value(part=Part.BODY, name="cliente", text="Rita"),
            Value(part=Part.BODY, name="dia", text="hoje"),
            Value(part=Part.BUTTON, name="1", text="1042", button=2),
        ),
    )


def test_a_value_is_taken_as_it_is_and_not_filled_again() -> None:
    text, _ = a_template("{{1}} {{2}}").fill({"1": "{{2}} \\g<0>", "2": "b"})
    assert text == "{{2}} \\g<0> b"


@pytest.mark.parametrize(
    "value", ["", "  ", "a\nb", "a\tb", "a\0b", "\ud800", "a     b", "x" * 1025]
)
def test_a_value_that_whatsapp_refuses_is_named(value: str) -> None:
    with pytest.raises(InvalidError) as refused:
        RICH.fill(FILLED | {"dia": value})
    assert refused.value.field == "template.variables.dia"


def test_a_missing_or_a_foreign_variable_is_named_with_what_there_is() -> None:
    with pytest.raises(InvalidError) as refused:
        a_template().fill({})
    assert refused.value.field == "template.variables.1"
    with pytest.raises(InvalidError, match=r"It has 1\.") as refused:
        a_template().fill({"1": "Rita", "2": "x"})
    assert refused.value.field == "template.variables.2"
    with pytest.raises(InvalidError, match=r"It has none\."):
        a_template("Bom dia").fill({"1": "Rita"})


def test_a_text_that_becomes_too_long_is_refused() -> None:
    with pytest.raises(InvalidError, match="1025 characters") as refused:
        a_template("{{1}}{{2}}").fill({"1": "x" * 1000, "2": "x" * 25})
    assert refused.value.field == "template.variables"


def test_what_is_chosen_is_found_by_name_and_language() -> None:
    known = [a_template(), a_template(language="en"), a_template(name="bye")]
    choice = TemplateChoice(name="hello", language="en", variables={})
    assert pick(known, choice) == known[1]
    for name, language, field in (("hi", "en", "name"), ("hello", "es", "language")):
        with pytest.raises(InvalidError) as refused:
            pick(known, TemplateChoice(name=name, language=language, variables={}))
        assert refused.value.field == f"template.{field}"


def test_a_choice_knows_what_it_made() -> None:
    choice = TemplateChoice(name="hello", language="pt_BR", variables=FILLED)
    _, filled = RICH.fill(FILLED)
    assert choice.is_of(filled)
    assert not choice.is_of(None)
    for other in ({"name": "bye"}, {"language": "en"}, {"variables": FILLED | {"dia": "sexta"}}):
        properties: dict[str, Any] = {"name": "hello", "language": "pt_BR", "variables": FILLED}
        assert not TemplateChoice(**(properties | other)).is_of(filled)
