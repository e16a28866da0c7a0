"""Where public data lies, if it lies beside the project; tests that read it say so when absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
PUBLIC = Path(os.environ.get("WARMLINE_PUBLIC_DATA") or _BESIDE)

needs_public_data = pytest.mark.skipif(
    not PUBLIC.is_dir(), reason=f"there is no public data in {PUBLIC}"
)
