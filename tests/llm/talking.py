"""A conversation with the sample shop, without any service: what the offline model would say."""

from dataclasses import dataclass, field

from app.sample import sample_products
from config.packs import Pack, load_pack
from handlers.reading import Reading, Understanding
from handlers.requests import request_for
from knowledge.catalogue import vocabulary
from knowledge.products import Index, Product, build_index
from llm.base import Message
from llm.offline import tell
from llm.speaking import Told
from nlu.parse import Parser, build_parser

PACK = load_pack("ventas")
PARSER = build_parser(PACK)


def products_of(pack: Pack) -> list[Product]:
    return [
        Product(
            id=row["id"],
            sku=row["sku"],
            name=row["name"],
            price=row["price"],
            stock=row["stock"],
            description=row["description"],
            category=row["category"],
            keywords=tuple(row["keywords"]),
            photo=row["photo"],
        )
        for row in sample_products(pack, "demo")
    ]


INDEX = build_index(products_of(PACK), vocabulary(PACK))
PRODUCTS = {product.sku: product for product in INDEX.products}


@dataclass
class Talk:
    index: Index = INDEX
    parser: Parser = PARSER
    pack: Pack = PACK
    said: list[Message] = field(default_factory=list)
    told: Told = field(default_factory=lambda: Told(""))

    def read(self, text: str) -> Reading:
        return Understanding(self.pack, self.parser).read(text, self.index, tuple(self.said))

    def say(self, text: str) -> str:
        """What the shop answers; both lines are remembered."""
        self.told = tell(request_for(self.read(text), self.pack))
        self.said += [Message("user", text), Message("assistant", self.told.text)]
        return self.told.text


def names(text: str, *before: str) -> list[str]:
    """The skus a text is about, after what was said before it."""
    talk = Talk()
    for line in before:
        talk.say(line)
    return [product.sku for product in talk.read(text).found.products]
