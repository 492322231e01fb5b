"""The networks over which customers write."""

from typing import Literal

from pydantic import Field, SecretStr

from config.manners import Section


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
