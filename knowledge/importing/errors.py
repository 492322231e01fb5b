"""How an import may be refused; nothing was changed then.

ImportRefused
├── ShopUnknown        no bot ever ran for it
├── SheetUnreadable    there are no rows to be had from the file
│   └── SheetTooLarge  there are too many
├── ColumnsUnclear     nobody can tell which column holds what
├── LinesBad           some lines cannot be taken, and nobody said to leave them out
├── PreviewOutdated    what was looked at is not what would happen now
└── UndoRefused        it is too late
    └── ImportUnknown  there is no such import
"""


class ImportRefused(Exception):
    """What happened is the message; `why` and `hint` stand beside it."""

    def __init__(self, what: str, why: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.why, self.hint = why, hint


class ShopUnknown(ImportRefused):
    """The shop."""


class SheetUnreadable(ImportRefused):
    """The file."""


class SheetTooLarge(SheetUnreadable):
    """How much is in it."""


class ColumnsUnclear(ImportRefused):
    """Its columns."""


class LinesBad(ImportRefused):
    """Its lines."""


class PreviewOutdated(ImportRefused):
    """The catalogue changed meanwhile."""


class UndoRefused(ImportRefused):
    """It stays as it is."""


class ImportUnknown(UndoRefused): ...
