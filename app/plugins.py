"""What a user's module is written against; the worker loads it too, so it lives with the jobs."""

from jobs.plugins import (
    App,
    ChannelFactory,
    PluginError,
    Setting,
    find_pack,
    load,
    signals,
)

__all__ = ["App", "ChannelFactory", "PluginError", "Setting", "find_pack", "load", "signals"]
