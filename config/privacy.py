"""For how long a customer's data is kept, and by when what they ask is done."""

from pydantic import Field

from config.manners import Section


class PrivacySettings(Section):
    """Days after which, each night at `hour` by the clock of `hours.timezone`, texts of chats are
    masked (`chat_days`) and customers' files deleted (`media_days`); a shop may say otherwise for
    itself. `answer_days` is by when a customer's request is due, `retrain_days` by when a model
    that learned from somebody who left is to be trained anew. A link works for `link_hours`.
    """

    retention: bool = True
    hour: int = Field(default=2, ge=0, le=23)
    chat_days: int = Field(default=180, ge=1)
    media_days: int = Field(default=30, ge=1)
    answer_days: int = Field(default=30, ge=1, le=30)
    retrain_days: int = Field(default=30, ge=1)
    link_hours: int = Field(default=24, ge=1, le=24)
