"""All tables: each module of the store is loaded, so that what it declares is in the metadata."""

from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import MetaData

import store
from store.base import Base

APART = "store.migrations"
"""They speak of tables as these once were."""


def known() -> MetaData:
    for module in walk_packages(store.__path__, f"{store.__name__}."):
        if not module.name.startswith(APART):
            import_module(module.name)
    return Base.metadata
