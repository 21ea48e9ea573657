"""What we send, as Meta documents it."""

from uuid import uuid4

from helpdesk.adapters.whatsapp.cloud.outgoing import body_of
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.file import Blob, MediaKind, Recognised, StoredFile
from helpdesk.domain.ids import MediaId
from helpdesk.domain.media import Media
from helpdesk.domain.message import Content, Kind
from tests.support.graph.server import wrong_with
from tests.support.phones import reply


def test_a_place_is_sent_with_what_is_known_of_it() -> None:
    spot = {"latitude": -23.561414, "longitude": -46.655881}
    named = Location(
        latitude=-23.561414, longitude=-46.655881, name="MASP", address="Av. Paulista, 1578"
    )
    for place, about in (
        (Location(latitude=-23.561414, longitude=-46.655881), spot),
        (named, spot | {"name": "MASP", "address": "Av. Paulista, 1578"}),
    ):
        body = body_of(reply(content=Content(Kind.LOCATION, "", location=place)), None)
        assert (body["type"], body["location"], wrong_with(body)) == ("location", about, "")


def test_a_card_is_sent_with_all_its_numbers() -> None:
    card = ContactCard(
        name="Bia Souza",
        phones=("+5521912345678", "+552122223333"),
        emails=("bia@example.com",),
        organization="Padaria",
    )
    content = Content(Kind.CONTACT, "", contacts=(card, ContactCard(name="Zé")))
    body = body_of(reply(content=content), None)
    assert (body["type"], wrong_with(body)) == ("contacts", "")
    assert body["contacts"] == [
        {
            "name": {"formatted_name": "Bia Souza", "first_name": "Bia Souza"},
            "phones": [
                {"phone": "+5521912345678", "type": "CELL"},
                {"phone": "+552122223333", "type": "CELL"},
            ],
            "emails": [{"email": "bia@example.com", "type": "WORK"}],
            "org": {"company": "Padaria"},
        },
        {"name": {"formatted_name": "Zé", "first_name": "Zé"}},
    ]


def test_a_sticker_is_sent_as_one() -> None:
    recognised = Recognised(kind=MediaKind.STICKER, mime="image/webp")
    file = StoredFile(blob=Blob(sha256="0" * 64, size=9), recognised=recognised, name="hi.webp")
    content = Content(Kind.STICKER, "", media=Media.of_file(MediaId(uuid4()), file))
    body = body_of(reply(content=content), "42")
    assert (body["type"], body["sticker"], wrong_with(body)) == ("sticker", {"id": "42"}, "")
