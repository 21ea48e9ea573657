"""What waiting does not cure: a broker that is there and will not have us."""

import ssl
from types import MappingProxyType
from typing import Final

# What RabbitMQ and OpenSSL write, and what a person can do about it.
REMEDIES: Final = MappingProxyType(
    {
        "ACCESS_REFUSED": "RabbitMQ refuses the user or the password: mend amqp.url.",
        # aiormq does not pass on the reason that RabbitMQ gives here.
        "Expected one of ['Connection.OpenOk']": (
            "RabbitMQ has no such virtual host, or this user may not enter it: mend the last part "
            "of amqp.url, or run rabbitmqctl add_vhost and set_permissions."
        ),
        "CERTIFICATE_VERIFY_FAILED": (
            "The certificate of RabbitMQ is not trusted: name the file of its authority in "
            "amqp.url, as in amqps://host/vhost?cafile=/etc/ssl/ca.pem."
        ),
        "WRONG_VERSION_NUMBER": (
            "RabbitMQ speaks no TLS on this port: mend amqp.url, TLS is mostly on port 5671."
        ),
    }
)
NO_FILE: Final = "A file that amqp.url names (cafile, certfile, keyfile) cannot be read."


def refusal(error: BaseException) -> str | None:
    """Say what to do in a sentence; None for what may pass by itself."""
    text = f"{error} {error!r}"
    for sign, remedy in REMEDIES.items():
        if sign in text:
            return remedy
    if isinstance(error, FileNotFoundError | PermissionError | ssl.SSLError):
        return NO_FILE
    return None
