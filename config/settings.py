"""Settings: defaults < aprendiz.toml < environment < command line, one small section per part.

`APRENDIZ_<SECTION>__<FIELD>` names every field; the usual names (DATABASE_URL, GROQ_API_KEY, …)
work too. A part receives its section, never the whole.
"""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.knowledge import KnowledgeSettings
from config.manners import (
    BudgetSettings,
    FollowUpSettings,
    HandOverSettings,
    HoursSettings,
    MediaSettings,
    OrderSettings,
    OutreachSettings,
    Section,
    TakeoverSettings,
    TurnSettings,
)

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
}
"""Environment variables people already have; where two name one field, the later line wins."""


class AppSettings(Section):
    """`secret_key` seals what is stored of channels; several, by commas, while it is changed."""

    shop: str = "demo"
    pack: str = "ventas"
    plugins: tuple[str, ...] = ()
    var: Path = ROOT / "var"
    secret_key: SecretStr | None = None


class DatabaseSettings(Section):
    url: SecretStr | None = None
    pool: int = Field(default=10, ge=1, le=100)


class RedisSettings(Section):
    url: SecretStr | None = None
    prefix: str = "aprendiz"


class EventSettings(Section):
    """`lease_ms` bounds how long a dead process keeps its partitions."""

    partitions: int = Field(default=64, ge=1, le=1024)
    lease_ms: int = Field(default=3000, ge=300)
    max_deliveries: int = Field(default=5, ge=1)
    backlog: int = Field(default=50_000, ge=1)
    in_flight: int = Field(default=1000, ge=1)
    drain_s: float = 20.0


class TelegramSettings(Section):
    """`client` is the library that speaks to Telegram; "ptb" needs requirements-ptb.txt."""

    client: Literal["aiogram", "ptb"] = "aiogram"
    token: SecretStr | None = None
    name: str = "main"
    base_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    poll_s: int = Field(default=25, ge=0, le=50)


class WhatsAppCloudSettings(Section):
    """Meta's own interface. All of phone_id, token, app_secret and verify_token, or none."""

    token: SecretStr | None = None
    phone_id: str | None = None
    app_secret: SecretStr | None = None
    verify_token: SecretStr | None = None
    name: str = "main"
    base_url: str = "https://graph.facebook.com"
    api_version: str = "v24.0"


class WhatsAppSettings(Section):
    """WhatsApp by QR through neonize: unofficial, off by default, needs requirements-whatsapp.txt.

    `phone` in digits asks for a pair code instead of a QR. `session` is a Postgres address; unset
    means a file under `app.var`. Only an `online` account hears who is writing; its phone is then
    not rung for new messages. Answers are written at a person's `pace`; 0 is at once.
    """

    enabled: bool = False
    name: str = "main"
    phone: str | None = None
    session: SecretStr | None = None
    online: bool = False
    pace: float = Field(default=1.0, ge=0, le=5)


class GroqSettings(Section):
    key: SecretStr | None = None
    base_url: str | None = None
    model: str = "openai/gpt-oss-20b"
    timeout_s: float = 20.0


class OpenAISettings(Section):
    key: SecretStr | None = None
    base_url: str | None = None
    model: str = "gpt-6-luna"
    timeout_s: float = 20.0


class OllamaSettings(Section):
    url: str | None = None
    model: str = "llama3.2"
    timeout_s: float = 60.0


class ModelSettings(Section):
    """Providers are tried in this order; those without a key or address are left out."""

    order: tuple[Literal["groq", "openai", "ollama", "offline"], ...] = (
        "groq",
        "openai",
        "ollama",
        "offline",
    )
    temperature: float = Field(default=0.3, ge=0, le=2)
    max_tokens: int = Field(default=500, ge=16)
    total_timeout_s: float = 45.0
    history_turns: int = Field(default=20, ge=0, le=100)
    prompt_tokens: int = Field(default=6000, ge=1000)


class WebSettings(Section):
    """`public_url` is where customers reach the pages; photos sent over other networks need it.
    `proxies` are those whose word on a visitor's address counts.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    public_url: str | None = None
    key: SecretStr | None = Field(default=None, min_length=12)
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")


class JobSettings(Section):
    """`redis_url` is RQ's own server; unset means the same one (RQ does not run on a Cluster)."""

    redis_url: SecretStr | None = None
    every_s: float = Field(default=300, gt=0)
    weekday: int = Field(default=0, ge=0, le=6)
    hour: int = Field(default=3, ge=0, le=23)
    datasets: Path | None = None


class CurationSettings(Section):
    min_score: int = Field(default=4, ge=1, le=5)
    max_latency_ms: int = 8000
    min_tokens: int = 7
    newest: int = 1000
    top_intents: int = 10
    per_customer: float = Field(default=0.02, gt=0, le=1)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="APRENDIZ_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

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
    curation: CurationSettings = CurationSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic calls it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic calls it by name
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, toml_file=Path(FILE))
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
