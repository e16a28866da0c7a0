"""How long a search takes at 1,000 articles, the embedding not counted."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.bench.figures import Figure
from tests.running import ROOT

TARGET_MS = 2.0


def measure() -> list[Figure]:
    """Run the knowledge base's own measurement in a process of its own."""
    done = subprocess.run(
        (sys.executable, "-m", "tests.bench.knowledge", "speed"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"search p50 ([\d.]+) ms, p95 ([\d.]+) ms", done.stdout)
    name = "search at 1,000 articles, median"
    if found is None:
        return [Figure.not_measured(name, f"≤ {TARGET_MS} ms", done.stderr[-200:])]
    return [
        Figure.at_most(
            name, float(found[1]), TARGET_MS, "ms", remark=f"p95 {found[2]} ms"
        )
    ]
