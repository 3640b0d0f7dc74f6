"""What was made at the start stays for good, so the collector needn't look through it again and again."""

from __future__ import annotations

import gc


def settle() -> None:
    """Set aside all that lives now. A look through it took over a tenth of a second, and help now waited for it."""
    gc.collect()
    gc.freeze()
