"""What a text means, and texts said in another tone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID

from fastapi.responses import Response
from pydantic import AliasChoices, ConfigDict, Field

from handlers.learned import Classifiers
from knowledge.restyling import restyled
from knowledge.style import Style
from llm.base import Payer
from nlu.classifier import Classifier, ClassifierInvalid, unpacked
from nlu.combining import combined
from nlu.parse import parse
from store import nlu
from store.styles import style_of
from web.api.house import House
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import Body, Prose, Shown
from web.api.understood import ParsedShown, told
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route

Locale = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$", max_length=5)]


class TextGiven(Body):
    """`locale` is a hint; what the text itself says counts. `model` 0 is the rules alone."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "¿cuánto cuesta la mochila azul?"}]},
    )

    text: Prose
    locale: Locale | None = None
    model: int | None = Field(None, ge=0, le=2**31 - 1)


class IntentShown(Shown):
    name: str
    category: str
    words: int


class IntentsShown(Shown):
    items: list[IntentShown]


class DraftGiven(Body):
    """`text` is another name of `draft`. `facts` may be said beside what the draft says."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"draft": "¡La mochila cuesta $24.990!", "tone": "formal", "intensity": 0.2}
            ]
        },
    )

    draft: Prose = Field(validation_alias=AliasChoices("draft", "text"))
    locale: Locale | None = None
    intensity: float | None = Field(None, ge=0, le=1)
    tone: Literal["coach", "neutral", "formal"] | None = None
    facts: list[Prose] = Field([], max_length=20)
    context: Prose | None = None
    user_state: dict[Annotated[str, Field(max_length=60)], str | int | float | bool | None] = Field(
        {}, max_length=20
    )
    customer_id: UUID | None = None


class Check(Shown):
    name: str
    ok: bool
    why: str


class StyledShown(Shown):
    """`by` is who wrote it: a provider and its model, or rules."""

    text: str
    tone: str
    intensity: float
    by: str
    checks: list[Check]


@dataclass(frozen=True, slots=True)
class Language:
    house: House
    means: Means | None
    classifiers: Classifiers = field(init=False)

    def __post_init__(self) -> None:
        made = Classifiers(self.house.store, pack=self.house.pack)
        object.__setattr__(self, "classifiers", made)

    def routes(self) -> Sequence[Route]:
        route, quality = self.house.route, Perm.QUALITY_READ
        return [
            route("POST", "/nlu/parse", self.parse_text, Perm.BOT_ASK, ParsedShown),
            route("GET", "/nlu/intents", self.list_intents, quality, IntentsShown),
            route("POST", "/style/reply", self.restyle_reply, Perm.BOT_ASK, StyledShown),
        ]

    async def parse_text(self, given: TextGiven) -> Response:
        """Intent, slots and confidence: what the bot would take this for."""
        house = self.house
        learned = await self._learned(given.model)
        found = parse(given.text, house.pack, house.clock().date())
        if learned is not None:
            intents = {rule.name: rule for rule in house.pack.intents}
            found = combined(given.text, found, intents, learned)
        return shown(told(found))

    async def list_intents(self) -> Response:
        """What customers of this business may want."""
        found = [
            IntentShown(name=one.name, category=one.category, words=len(one.words))
            for one in self.house.pack.intents
        ]
        return tagged(IntentsShown(items=found))

    async def restyle_reply(self, given: DraftGiven) -> Response:
        """The same facts in another tone; a rewriting that changes one is thrown away."""
        style = await self._style(given)
        facts = [*given.facts, *([given.context] if given.context else [])]
        hosted = self.means.hosted if self.means else None
        payer = Payer(str(self.house.shop), "api")
        peso = self.house.pack.identity.currency
        found = await restyled(hosted, given.draft, style, facts, peso=peso, payer=payer)
        why = f"changed: {', '.join(found.changed)}" if found.changed else ""
        checks = [Check(name="facts", ok=not found.changed, why=why)]
        tone, strength = style.tone, style.intensity
        return shown(
            StyledShown(text=found.text, tone=tone, intensity=strength, by=found.by, checks=checks)
        )

    async def _style(self, given: DraftGiven) -> Style:
        """Said in the request, else as the customer likes it."""
        liked = None
        if given.customer_id is not None:
            async with self.house.store.lookup() as connection:
                liked = await style_of(connection, self.house.shop, given.customer_id)
        usual = Style(*liked) if liked else Style()
        strength = usual.intensity if given.intensity is None else given.intensity
        return Style(strength, given.tone or usual.tone)

    async def _learned(self, wanted: int | None) -> Classifier | None:
        """Raises Problem."""
        if wanted is None:
            return (await self.classifiers.of(self.house.shop)).classifier
        if wanted == 0:
            return None
        async with self.house.store.tenant(self.house.shop) as session:
            data = await nlu.model_data(session, self.house.shop, wanted)
        if data is None:
            raise Problem("refused", f"There is no classifier {wanted}.")
        try:
            return unpacked(data)
        except ClassifierInvalid as error:
            raise Problem("conflict", str(error)) from error
