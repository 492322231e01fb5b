"""Whatever a person would read as an address is a link, and only real ones lead home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.links import found, leads_to, places, site, without

SITES = ("tienda.cl",)


@pytest.mark.parametrize(
    "text",
    [
        "https://malo.example/x", "HTTP://MALO.CL", "www.malo.io", "malo.com", "malo.xyz/paga",
        "sub.malo.tienda", "[aquí](https://malo.cl)", "hxxps://malo.cl/x", "malo punto com",
        "malo (dot) net", "malo[.]cl", "malo . com", "xn--mlo-0na.com", "mаlo.com", "wa.me/569",
        "t.me/malo", "http://10.0.0.7/x", "10.0.0.7:8080", "tel:+56911112222", "data:text/html,x",
        "javascript:alert(1)", "mailto:a@b.cl", "//malo.cl/x", "malo.zip", "@malo_tienda",
        "whatsapp://send?x", "bit.ly/3x",
    ],
)  # fmt: skip
def test_a_link_is_found_however_it_is_written(text: str) -> None:
    assert found(f"Entra a {text} ahora")


@pytest.mark.parametrize(
    "text",
    [
        "Cuesta $24.990.", "Son 1.234.567.890 pesos", "Tel: 2 2345 6789", "De 22 litros.Es azul",
        "a las 10:30 hrs", "Av. Italia 1234", "3.5 mm", "Sr. Pérez, Ltda.", "y/o", "1/2 kg",
        "Datos: nombre", "el punto más alto", "v2.0.1", "S.A.",
    ],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("link", "home"),
    [
        ("https://tienda.cl/envios", True),
        ("tienda.cl", True),
        ("https://ayuda.tienda.cl:8443/x", True),
        ("HTTPS://TIENDA.CL./x", True),
        ("https://tienda.cl.malo.com", False),
        ("https://malatienda.cl", False),
        ("https://tienda.cl@malo.com/", False),
        ("https://tienda.cl\\@malo.com/", False),
        ("https://malo.com/tienda.cl", False),
        ("https://malo.com#tienda.cl", False),
        ("https://tienda.cl%2f@malo.com", False),
        ("https://tiendа.cl", False),
        ("javascript:tienda.cl", False),
        ("ftp://tienda.cl/x", False),
        ("http://[tienda.cl", False),
        ("", False),
    ],
)
def test_only_the_host_says_where_a_link_leads(link: str, home: object) -> None:
    assert leads_to(link, SITES) is home


def test_strangers_links_are_taken_out_and_ours_stay() -> None:
    text = "Mira https://tienda.cl/a o https://malo.cl/b, fin."

    assert without(text, SITES) == "Mira https://tienda.cl/a o , fin."
    assert site("https://Tienda.CL/x") == "tienda.cl"


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_links_stay_apart(text: str) -> None:
    end = 0
    for start, stop in places(text):
        assert end <= start < stop <= len(text)
        end = stop
    without(text, SITES)


def test_a_long_text_is_read_in_time() -> None:
    found("a." * 20_000 + "com")
    found("[" * 20_000 + ".")
    found("a-" * 20_000)
