"""Some templates to try with the simulator: every form that one can have."""

from typing import Final

from helpdesk.domain.session import Session
from helpdesk.domain.template import Button, Template, TemplateStatus

SAMPLES: Final = (
    Template(
        name="retomar_atendimento",
        language="pt_BR",
        category="utility",
        body="Olá, {{1}}! Podemos continuar o seu atendimento? Responda a esta mensagem.",
        examples={"1": "Ana"},
    ),
    Template(
        name="resume_conversation",
        language="en",
        category="utility",
        body="Hello {{1}}, may we go on with your request? Just answer this message.",
        examples={"1": "Ana"},
    ),
    Template(
        name="retomar_conversacion",
        language="es",
        category="utility",
        body="Hola, {{1}}. ¿Podemos continuar con su consulta? Responda a este mensaje.",
        examples={"1": "Ana"},
    ),
    Template(
        name="pedido_enviado",
        language="pt_BR",
        category="utility",
        header="Pedido {{1}}",
        body="{{cliente}}, o seu pedido saiu hoje e chega até {{dia}}.",
        footer="Loja Exemplo",
        buttons=(
            Button(text="Rastrear", url="https://example.com/rastreio/{{1}}"),
            Button(text="Falar com a loja"),
        ),
        examples={"header.1": "1042", "cliente": "Ana", "dia": "sexta-feira", "button.1": "1042"},
    ),
    Template(
        name="horario_de_atendimento",
        language="pt_BR",
        category="utility",
        body="Atendemos de segunda a sexta, das 9h às 18h.",
        examples={},
    ),
    Template(
        name="promocao_em_analise",
        language="pt_BR",
        category="marketing",
        body="Novidades da semana para {{1}}.",
        status=TemplateStatus.PENDING,
        examples={"1": "Ana"},
    ),
)


class SampleTemplates:
    """The same for each number."""

    async def of(self, session: Session) -> list[Template]:
        return list(SAMPLES)
