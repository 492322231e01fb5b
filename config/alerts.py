"""Which program of the shop's hears of alerts."""

from typing import Self

from pydantic import Field, SecretStr, model_validator

from config.manners import Section


class AlertSettings(Section):
    """What begins and ends is posted to `webhook_url`, signed with `webhook_secret`. Plain http is
    for a program on this machine alone."""

    webhook_url: str | None = Field(
        default=None, pattern=r"^(https://[^\s/]|http://(127\.0\.0\.1|localhost)[:/])"
    )
    webhook_secret: SecretStr | None = Field(default=None, min_length=16)

    @property
    def posted(self) -> bool:
        return self.webhook_url is not None

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError("webhook_url needs a webhook_secret of 16 characters or more")
        return self
