"""How building a dataset may fail; each error says what, why, and what to do next.

DatasetError
├── ShopUnknown       there is no such shop
├── PeriodInvalid     not a week of the calendar
├── RowForeign        a row of another shop was handed in: nothing is written
├── DatasetUnknown    no dataset of the shop is called so
├── DatasetExists     another build of this period was registered first
├── DatasetChanged    its rows or files are no longer what they were when it was built
├── DatasetStale      a customer of its rows left, or wants to teach no more
├── DatasetUnfit      a provider would refuse its files
├── PersonalDataLeft  masking did not help: nothing is written
├── PersonaMissing    the shop's pack cannot be read
└── FolderRefused     the target folder cannot be written
    └── DiskFull      there is no space left in it
"""


class DatasetError(Exception):
    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(what, why, hint)
        self.what, self.why, self.hint = what, why, hint

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.hint}"


class ShopUnknown(DatasetError): ...


class PeriodInvalid(DatasetError): ...


class RowForeign(DatasetError): ...


class DatasetUnknown(DatasetError): ...


class DatasetExists(DatasetError): ...


class DatasetChanged(DatasetError): ...


class DatasetStale(DatasetError): ...


class DatasetUnfit(DatasetError): ...


class PersonalDataLeft(DatasetError): ...


class PersonaMissing(DatasetError): ...


class FolderRefused(DatasetError): ...


class DiskFull(FolderRefused): ...
