"""What mails say, in each language."""

from collections.abc import Mapping
from typing import Final

_PORTUGUESE: Final = {
    "down.subject": "WhatsApp fora do ar: {name}",
    "down.body": (
        "O número “{name}” está fora do ar desde {since}.\nEstado: {state}.\n\n"
        "Enquanto isso, as respostas esperam e não chegam aos clientes.\nVeja: {link}\n"
    ),
    "back.subject": "WhatsApp voltou: {name}",
    "back.body": (
        "O número “{name}” está conectado de novo.\n"
        "Ficou fora do ar de {since} até {ended}.\nVeja: {link}\n"
    ),
    "stopped": "parado",
    "starting": "iniciando",
    "qr": "espera a leitura do código QR",
    "passkey_required": "espera a chave de acesso",
    "connected": "conectado, mas nenhum processo o atende",
    "disconnected": "desconectado; tenta de novo sozinho",
    "logged_out": "desvinculado",
    "banned": "bloqueado pelo WhatsApp",
    "failed": "com falha",
}
_ENGLISH: Final = {
    "down.subject": "WhatsApp is down: {name}",
    "down.body": (
        "The number “{name}” is down since {since}.\nState: {state}.\n\n"
        "Meanwhile replies wait, and do not reach clients.\nLook: {link}\n"
    ),
    "back.subject": "WhatsApp is back: {name}",
    "back.body": (
        "The number “{name}” is connected again.\n"
        "It was down from {since} to {ended}.\nLook: {link}\n"
    ),
    "stopped": "stopped",
    "starting": "starting",
    "qr": "waits for its QR code to be scanned",
    "passkey_required": "waits for a passkey",
    "connected": "connected, but no process serves it",
    "disconnected": "disconnected; it tries again by itself",
    "logged_out": "logged out",
    "banned": "banned by WhatsApp",
    "failed": "failed",
}
_SPANISH: Final = {
    "down.subject": "WhatsApp sin conexión: {name}",
    "down.body": (
        "El número “{name}” está sin conexión desde {since}.\nEstado: {state}.\n\n"
        "Mientras tanto, las respuestas esperan y no llegan a los clientes.\nMira: {link}\n"
    ),
    "back.subject": "WhatsApp ha vuelto: {name}",
    "back.body": (
        "El número “{name}” está conectado de nuevo.\n"
        "Estuvo sin conexión de {since} a {ended}.\nMira: {link}\n"
    ),
    "stopped": "detenido",
    "starting": "iniciando",
    "qr": "espera a que se escanee el código QR",
    "passkey_required": "espera la clave de acceso",
    "connected": "conectado, pero ningún proceso lo atiende",
    "disconnected": "desconectado; lo intenta de nuevo por sí solo",
    "logged_out": "desvinculado",
    "banned": "bloqueado por WhatsApp",
    "failed": "con fallo",
}
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "pt-BR": _PORTUGUESE,
    "en": _ENGLISH,
    "es": _SPANISH,
}
