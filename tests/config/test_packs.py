"""Packs: what comes along, what a user writes, and what is said when it is wrong."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from config.folders import PackError
from config.packs import load_pack
from config.photos import draw_photo
from config.shapes import slots_of

RECORDS = {
    "loan", "number", "balance", "amount", "due", "total", "count", "shown", "days", "method",
    "principal", "rate", "label", "of", "value",
}  # fmt: skip
"""Slots of what a lender's records say."""

MINIMAL = {
    "pack.toml": """
        title = "Pan"
        categories = ["general"]
        shop = { key = "pan", name = "Panadería" }
    """,
    "persona.md": "Atiendes {shop}.",
    "intents.toml": """
        [[intent]]
        name = "pan"
        category = "general"
        words = ["pan", "marraqueta"]
    """,
    "answers.toml": """
        pan = { es = ["Tenemos pan fresco."] }
        greeting = { es = ["Hola"] }
        thanks = { es = ["Gracias"] }
        goodbye = { es = ["Chao"] }
        help = { es = ["Dime"] }
        unknown = { es = ["No sé"] }
        media_unreadable = { es = ["Solo texto"] }
    """,
}
EXTENDING = {
    "pack.toml": """
        extends = "ventas"
        title = "Mi tienda"
        categories = ["consulta_producto", "proceso_pago", "solicitud_foto", "consulta_precio",
                      "consulta_envio", "general", "citas"]
        shop = { key = "mia", name = "Mi Tienda" }
    """
}


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def complaint(folder: Path, **changed: str) -> str:
    """What is said about a pack in which some files are different."""
    files = MINIMAL | {name.replace("_", "."): text for name, text in changed.items()}
    with pytest.raises(PackError) as caught:
        load_pack(written(folder / "pan", files))
    return str(caught.value)


def test_the_sample_shop_is_complete() -> None:
    pack = load_pack("ventas")

    assert len(pack.products) >= 25
    assert any(product.stock == 0 for product in pack.products)
    assert all(product.photo == f"/photos/{product.sku}.svg" for product in pack.products)
    assert all(product.description and product.keywords for product in pack.products)
    assert pack.identity.shop.key == "tienda"
    assert {intent.category for intent in pack.intents} == set(pack.identity.categories)
    assert "Tienda Aprendiz" in pack.persona


def test_every_text_of_the_sample_shop_can_be_filled() -> None:
    pack = load_pack("ventas")
    known = {
        *pack.words.slots, "shop", "name", "price", "stock", "description", "photo", "quantity",
        "total", "budget", "mention", "categories", "order", "product", "lines", "link", "hours",
        "transfer",
        "heard", "opens", "topic", "account", "chat", "question", "products", "state", "said",
        "summary", "by", "visit", "ref", "silent", "waiting", "receipts", "document", "excerpt",
        *RECORDS, "amount", "category", "day", "wait",
        "line", "period", "spent", "percent", "left", "days", "over", "saved", "span", "income",
    }  # fmt: skip

    for name, saying in (pack.answers | pack.phrases).items():
        for text in (*saying.es, *saying.en):
            assert slots_of(text) <= known, name


def test_a_pack_is_a_folder_of_a_few_files(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path / "pan", MINIMAL))

    assert (pack.name, pack.persona, pack.products) == ("pan", "Atiendes Panadería.", ())
    assert pack.intents[0].answered_by == "pan"


def test_a_pack_that_extends_another_says_only_what_differs(tmp_path: Path) -> None:
    files = EXTENDING | {
        "answers.toml": 'envio = { es = ["Enviamos a todo Perú."] }',
        "intents.toml": """
            [[intent]]
            name = "cita"
            category = "citas"
            answer = "cita"
            words = ["hora", "cita"]

            [[intent]]
            name = "saludo"
            category = "general"
            act = "greet"
            words = ["allinllachu"]
        """,
        "products.csv": "sku,name,price,stock\nA-1,Silla,1000,2\n",
    }
    files["answers.toml"] += '\ncita = { es = ["¿Qué día?"] }'

    pack, above = load_pack(written(tmp_path / "mia", files)), load_pack("ventas")

    assert pack.answers["envio"].es == ("Enviamos a todo Perú.",)
    assert pack.answers["pago"] == above.answers["pago"]
    assert len(pack.intents) == len(above.intents) + 1
    assert next(rule for rule in pack.intents if rule.name == "saludo").words == ("allinllachu",)
    assert [product.name for product in pack.products] == ["Silla"]
    assert "Mi Tienda" in pack.persona
    assert pack.words == above.words


def test_packs_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    for name, other in (("uno", "dos"), ("dos", "uno")):
        text = EXTENDING["pack.toml"].replace('"ventas"', f'"{other}"')
        written(tmp_path / name, {"pack.toml": text})

    with pytest.raises(PackError, match="in a circle"):
        load_pack(tmp_path / "uno")


def test_an_unknown_name_is_answered_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"no folder with a pack\.toml.*ventas"):
        load_pack(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("file", "text", "parts"),
    [
        ("pack_toml", "title = 'x'", ["pack.toml", "categories", "Field required"]),
        ("pack_toml", MINIMAL["pack.toml"] + "\ncolour = 1", ["pack.toml", "colour"]),
        ("pack_toml", "title = ", ["pack.toml"]),
        ("intents_toml", "[[intent]]\nname='a'\ncategory='b'\nwords=['c']", ["a.category", "'b'"]),
        ("intents_toml", "[[intent]]\nname='a'\ncategory='general'\nwords=[]", ["0.words"]),
        (
            "intents_toml",
            "[[intent]]\nname='a'\ncategory='general'\nwords=['c']\nweight=0",
            ["0.weight", "greater than 0"],
        ),
        (
            "intents_toml",
            "[[intent]]\nname='cita'\ncategory='general'\nwords=['c']",
            ["cita.answer", "answers.toml has no 'cita'"],
        ),
        ("answers_toml", "pan = { es = ['x'] }", ["answers.toml", "greeting", "missing"]),
        ("answers_toml", "pan = { es = ['{a'] }", ["answers.toml", "pan.es.0"]),
        ("answers_toml", "pan = { es = ['{a.b}'] }", ["pan.es.0", "a slot is written {name}"]),
        ("answers_toml", "pan = { es = ['{}'] }", ["pan.es.0"]),
        ("answers_toml", "pan = { es = [] }", ["pan.es"]),
        ("privacy_toml", "[[recogniser]]\nkind='x'\npattern='('", ["privacy.toml", "0.pattern"]),
        ("words_toml", "[emoji]\n'x' = 'nada'", ["words.toml", "emoji.x", "no intent 'nada'"]),
        (
            "words_toml",
            "[slots.city]\nwords = ['a']\nsuggests = 'nada'",
            ["words.toml", "slots.city.suggests"],
        ),
        ("words_toml", "find = ['colour']", ["words.toml", "find.0"]),
        ("words_toml", "[implies]\namount = 'nada'", ["implies.amount", "no intent 'nada'"]),
        (
            "intents_toml",
            MINIMAL["intents.toml"] + "excludes = ['amount']",
            ["intents.toml", "pan", "words.toml finds no slot 'amount'"],
        ),
        ("lexicon_toml", "[score]\n6 = ['x']", ["lexicon.toml", "score.6"]),
        ("products_csv", "sku,name,price,stock\nA,Silla,-1,1", ["line 2", "price"]),
        ("products_csv", "sku,name,price,stock\nA,Silla,1,1\nB,Mesa,mil,1", ["line 3", "price"]),
        ("products_csv", "sku,name,price,stock\nA,S,1,1\nA,M,1,1", ["sku", "'A' stands twice"]),
        ("products_csv", "sku,name,price,stock,weight\nA,S,1,1,4", ["line 2", "weight"]),
    ],
)
def test_a_mistake_is_named_with_its_file_and_field(
    tmp_path: Path, file: str, text: str, parts: list[str]
) -> None:
    said = complaint(tmp_path, **{file: text})

    assert all(part in said for part in parts), said


@pytest.mark.parametrize("file", ["persona.md", "intents.toml", "answers.toml"])
def test_a_file_that_every_pack_needs_is_missed(tmp_path: Path, file: str) -> None:
    files = {name: text for name, text in MINIMAL.items() if name != file}

    with pytest.raises(PackError, match=rf"{file}: missing"):
        load_pack(written(tmp_path / "pan", files))


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "pan", MINIMAL)
    (folder / "persona.md").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(PackError, match=r"persona\.md"):
        load_pack(folder)


def test_a_saying_uses_the_slots_that_are_known() -> None:
    envio = load_pack("ventas").answers["envio"]

    assert "todo Chile" in envio.say("es", {})
    assert "enviamos a Arica" in envio.say("es", {"city": "Arica"})
    assert envio.say("en", {}).startswith("We ship")
    assert envio.say("pt", {}) == envio.say("es", {})
    assert envio.say("es", {"city": "{shop}"}).startswith("Sí, enviamos a {shop}.")


def test_the_same_seed_chooses_the_same_variant() -> None:
    greeting = load_pack("ventas").answers["greeting"]

    said = {greeting.say("es", {"shop": "X"}, seed=str(n)) for n in range(20)}

    assert len(said) == len(greeting.es)
    assert greeting.say("es", {"shop": "X"}, "a") == greeting.say("es", {"shop": "X"}, "a")


def test_a_photo_is_a_small_drawing_with_the_products_name() -> None:
    template = load_pack("ventas").photo
    assert template is not None

    drawn = draw_photo(template, "Té <verde> & co", "Té")

    root = ET.fromstring(drawn)  # noqa: S314  our own drawing
    assert root.attrib["aria-label"] == "Té <verde> & co"
    assert len(drawn) < 1500
