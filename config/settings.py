"""Settings: defaults < aprendiz.toml < environment < command line, one small section per part.

`APRENDIZ_<SECTION>__<FIELD>` names every field; the usual names (DATABASE_URL, GROQ_API_KEY, …)
work too. A part receives its section, never the whole.
"""

import os
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.alerts import AlertSettings
from config.cadences import CadenceSettings
from config.evaluation import EvaluationSettings
from config.knowledge import KnowledgeSettings
from config.local import LocalTrainingSettings
from config.manners import (
    BudgetSettings,
    FollowUpSettings,
    HandOverSettings,
    HoursSettings,
    MediaSettings,
    OrderSettings,
    OutreachSettings,
    PaceSettings,
    RatingSettings,
    Section,
    TakeoverSettings,
    TurnSettings,
)
from config.networks import TelegramSettings, WhatsAppCloudSettings, WhatsAppSettings
from config.observe import ObserveSettings
from config.privacy import PrivacySettings
from config.providers import GroqSettings, ModelSettings, OllamaSettings, OpenAISettings
from config.risk import RiskSettings
from config.rollout import RolloutSettings
from config.scoring import ScoringSettings
from config.training import TrainingSettings

ROOT = Path(__file__).resolve().parent.parent
FILE = "aprendiz.toml"

USUAL_NAMES = {
    "APRENDIZ_SECRET_KEY": ("app", "secret_key"),
    "DATABASE_URL": ("database", "url"),
    "APRENDIZ_DATABASE_URL": ("database", "url"),
    "REDIS_URL": ("redis", "url"),
    "APRENDIZ_REDIS_URL": ("redis", "url"),
    "TELEGRAM_BOT_TOKEN": ("telegram", "token"),
    "TELEGRAM": ("telegram", "token"),
    "WHATSAPP_TOKEN": ("whatsapp_cloud", "token"),
    "WHATSAPP_PHONE_ID": ("whatsapp_cloud", "phone_id"),
    "WHATSAPP_APP_SECRET": ("whatsapp_cloud", "app_secret"),
    "WHATSAPP_VERIFY_TOKEN": ("whatsapp_cloud", "verify_token"),
    "GROQ_API_KEY": ("groq", "key"),
    "GROQ": ("groq", "key"),
    "OPENAI_API_KEY": ("openai", "key"),
    "OPENAI": ("openai", "key"),
    "OLLAMA_HOST": ("ollama", "url"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("observe", "otlp_url"),
}
"""Environment variables people already have; where two name one field, the later line wins."""


class AppSettings(Section):
    """`secret_key` seals what is stored of channels; several, by commas, while it is changed."""

    shop: str = "demo"
    pack: str = "ventas"
    plugins: tuple[str, ...] = ()
    var: Path = ROOT / "var"
    secret_key: SecretStr | None = None


class Unreadable(Exception):
    """The file of settings is no TOML, or nobody may read it."""


def _begins(*schemes: str) -> Callable[[SecretStr], SecretStr]:
    def checked(url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(schemes):
            raise ValueError(f"an address begins with {' or '.join(schemes)}")
        return url

    return checked


class DatabaseSettings(Section):
    url: (
        Annotated[
            SecretStr,
            AfterValidator(_begins("postgresql://", "postgres://", "postgresql+asyncpg://")),
        ]
        | None
    ) = None
    pool: int = Field(default=10, ge=1, le=100)


class RedisSettings(Section):
    url: (
        Annotated[SecretStr, AfterValidator(_begins("redis://", "rediss://", "unix://"))] | None
    ) = None
    prefix: str = "aprendiz"


class EventSettings(Section):
    """`lease_ms` bounds how long a dead process keeps its partitions."""

    partitions: int = Field(default=64, ge=1, le=1024)
    lease_ms: int = Field(default=3000, ge=300)
    max_deliveries: int = Field(default=5, ge=1)
    backlog: int = Field(default=50_000, ge=1)
    in_flight: int = Field(default=1000, ge=1)
    drain_s: float = 20.0


HOST = r"[a-z0-9-]+(\.[a-z0-9-]+)*"
LONE = r"http://(127\.0\.0\.1|localhost)"
Origin: TypeAlias = Annotated[str, Field(pattern=rf"^(https://{HOST}|{LONE})(:[0-9]{{1,5}})?$")]
"""Where a page comes from, as its browser tells it; without TLS on this machine alone."""


class WebSettings(Section):
    """`public_url` is where customers reach the pages; photos sent over other networks need it.
    `proxies` are those whose word on a visitor's address counts; `api_per_minute` is how often each
    key, or person, may ask the API. Pages of `embed_origins` may show the chat within them.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    public_url: str | None = None
    key: SecretStr | None = Field(default=None, min_length=12)
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    api_per_minute: int = Field(default=600, ge=1, le=60_000)
    embed_origins: tuple[Origin, ...] = ()


class JobSettings(Section):
    """`redis_url` is RQ's own server; unset means the same one (RQ does not run on a Cluster)."""

    redis_url: SecretStr | None = None
    every_s: float = Field(default=300, gt=0)
    weekday: int = Field(default=0, ge=0, le=6)
    hour: int = Field(default=3, ge=0, le=23)
    datasets: Path | None = None


class CurationSettings(Section):
    """Only rows `since` a day, of conversations that `sold`, of these `intents`: all of them where
    nothing is said."""

    min_score: int = Field(default=4, ge=1, le=5)
    max_latency_ms: int = 8000
    min_tokens: int = 7
    settle_h: int = Field(default=72, ge=0)
    newest: int = Field(default=1000, ge=0)
    top_intents: int = Field(default=10, ge=1)
    per_customer: float = Field(default=0.02, gt=0, le=1)
    since: date | None = None
    sold: bool = False
    intents: tuple[str, ...] = ()


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="APRENDIZ_", env_nested_delimiter="__", extra="forbid", frozen=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    app: AppSettings = AppSettings()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    events: EventSettings = EventSettings()
    turns: TurnSettings = TurnSettings()
    takeover: TakeoverSettings = TakeoverSettings()
    handover: HandOverSettings = HandOverSettings()
    hours: HoursSettings = HoursSettings()
    media: MediaSettings = MediaSettings()
    orders: OrderSettings = OrderSettings()
    followups: FollowUpSettings = FollowUpSettings()
    outreach: OutreachSettings = OutreachSettings()
    pace: PaceSettings = PaceSettings()
    ratings: RatingSettings = RatingSettings()
    budget: BudgetSettings = BudgetSettings()
    telegram: TelegramSettings = TelegramSettings()
    whatsapp_cloud: WhatsAppCloudSettings = WhatsAppCloudSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()
    groq: GroqSettings = GroqSettings()
    openai: OpenAISettings = OpenAISettings()
    ollama: OllamaSettings = OllamaSettings()
    models: ModelSettings = ModelSettings()
    web: WebSettings = WebSettings()
    jobs: JobSettings = JobSettings()
    cadences: CadenceSettings = CadenceSettings()
    curation: CurationSettings = CurationSettings()
    scoring: ScoringSettings = ScoringSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    training: TrainingSettings = TrainingSettings()
    local_training: LocalTrainingSettings = LocalTrainingSettings()
    rollout: RolloutSettings = RolloutSettings()
    risk: RiskSettings = RiskSettings()
    alerts: AlertSettings = AlertSettings()
    observe: ObserveSettings = ObserveSettings()
    privacy: PrivacySettings = PrivacySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic calls it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic calls it by name
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        try:
            file = TomlConfigSettingsSource(settings_cls, toml_file=Path(FILE))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise Unreadable(str(error)) from error
        return init_settings, env_settings, UsualNames(settings_cls), file


class UsualNames(PydanticBaseSettingsSource):
    """Reads the variables that hosting services and SDKs already set."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ANN401, ARG002  pydantic's signature
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, (section, field) in USUAL_NAMES.items():
            if value := os.environ.get(name):
                found.setdefault(section, {})[field] = value
        return found
