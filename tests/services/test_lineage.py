import os
import signal

import pytest

from services.lineage import end_with


def test_a_child_whose_parent_is_gone_already_ends() -> None:
    """Whoever started it is not its parent any more: the signal would never come."""
    with pytest.raises(SystemExit, match="is gone"):
        end_with(os.getppid() + 1, signal.SIGWINCH)
