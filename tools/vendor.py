"""Decides which foreign files the pages carry: fetched with npm, hashed into a lock file."""

# For developers only: the files are committed, and nobody needs npm to run the desk.
# Run `python tools/vendor.py` after changing PACKAGES or ICONS.

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parents[1] / "api" / "static"
VENDOR = STATIC / "vendor"
LOCK = VENDOR / "vendor.lock.json"
SPRITE = STATIC / "icons.svg"

#: npm name, exact version, files to keep: path inside the package -> name of ours
PACKAGES: dict[tuple[str, str], dict[str, str]] = {
    ("htmx.org", "2.0.11"): {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
    ("bootstrap", "5.3.9"): {
        "dist/css/bootstrap.min.css": "bootstrap.min.css",
        "dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
        "LICENSE": "LICENSE",
    },
    ("idiomorph", "0.8.0"): {
        "dist/idiomorph-ext.min.js": "idiomorph-ext.min.js",
        "LICENSE": "LICENSE",
    },
    ("tinykeys", "3.1.0"): {
        "dist/tinykeys.module.js": "tinykeys.js",
        "LICENSE": "LICENSE",
    },
    ("bootstrap-icons", "1.13.2"): {"LICENSE": "LICENSE"},
    ("swagger-ui-dist", "5.35.0"): {
        "swagger-ui-bundle.js": "swagger-ui-bundle.js",
        "swagger-ui.css": "swagger-ui.css",
        "LICENSE": "LICENSE",
        "NOTICE": "NOTICE",
    },
}

#: the icons that the pages use, cut from bootstrap-icons into one sprite
ICONS = [
    "arrow-clockwise",
    "arrow-counterclockwise",
    "arrow-left",
    "arrow-left-right",
    "arrow-repeat",
    "arrow-return-left",
    "arrow-right",
    "arrow-up",
    "bag",
    "bag-heart",
    "bell",
    "bell-slash",
    "book",
    "box-arrow-right",
    "box-arrow-up-right",
    "box-seam",
    "cart3",
    "camera-video",
    "chat-dots",
    "chat-left-text",
    "chat-quote",
    "chat-square-heart",
    "check-circle",
    "check-circle-fill",
    "check-lg",
    "check2",
    "check2-all",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle-fill",
    "clipboard",
    "clock",
    "clock-history",
    "collection",
    "copy",
    "credit-card",
    "dash-lg",
    "diagram-3",
    "door-open",
    "download",
    "emoji-angry",
    "emoji-expressionless",
    "emoji-frown",
    "emoji-neutral",
    "emoji-smile",
    "envelope",
    "exclamation-circle",
    "exclamation-triangle",
    "eye",
    "file-earmark-text",
    "filter",
    "flag",
    "floppy",
    "funnel",
    "gear",
    "geo-alt",
    "gift",
    "globe2",
    "graph-up",
    "grip-horizontal",
    "hand-thumbs-down",
    "hand-thumbs-down-fill",
    "hand-thumbs-up",
    "hand-thumbs-up-fill",
    "headset",
    "heart",
    "hourglass-split",
    "house",
    "inbox",
    "inboxes",
    "info-circle",
    "journal-check",
    "journal-plus",
    "journal-text",
    "keyboard",
    "layers",
    "lightbulb",
    "lightning-charge",
    "link-45deg",
    "list",
    "list-ul",
    "lock",
    "moon-stars",
    "patch-check",
    "patch-question",
    "pause-circle",
    "pencil",
    "pencil-square",
    "people",
    "person",
    "person-check",
    "person-circle",
    "person-plus",
    "phone",
    "play-circle",
    "plus-lg",
    "question-circle",
    "receipt",
    "record-circle",
    "reply",
    "robot",
    "rocket-takeoff",
    "search",
    "send",
    "send-fill",
    "shield-check",
    "slash-circle",
    "sliders",
    "star",
    "star-fill",
    "stars",
    "sticky",
    "sun",
    "tag",
    "tags",
    "telephone",
    "three-dots",
    "three-dots-vertical",
    "translate",
    "trash",
    "truck",
    "upload",
    "wifi-off",
    "x-circle",
    "x-lg",
]


def main() -> None:
    """Fetch every package, keep what is listed, and write lock and sprite anew."""
    packages: list[dict[str, Any]] = []
    for child in VENDOR.glob("*-*"):
        shutil.rmtree(child)
    for (name, version), keep in PACKAGES.items():
        archive, integrity = pack(name, version)
        with tarfile.open(fileobj=io.BytesIO(archive)) as package:
            packages.append(unpack(package, name, version, integrity, keep))
            if name == "bootstrap-icons":
                SPRITE.write_text(sprite(package, version), "utf-8")
    lock = {
        "packages": packages,
        "icons.svg": {"from": "bootstrap-icons", "sha256": sha256(SPRITE.read_bytes())},
    }
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"{len(packages)} packages, {len(ICONS)} icons\n")


def pack(name: str, version: str) -> tuple[bytes, str]:
    """The package's archive, once its hash is the one that the registry names."""
    wanted = npm("view", f"{name}@{version}", "dist.integrity")
    with tempfile.TemporaryDirectory() as folder:
        file = npm(
            "pack", "--silent", "--pack-destination", folder, f"{name}@{version}"
        )
        archive = (Path(folder) / file.splitlines()[-1]).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != wanted:
        raise SystemExit(f"{name}@{version} is not what the registry names: {found}")
    return archive, found


def npm(*arguments: str) -> str:
    command = ("npm", *arguments)
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip()


def unpack(
    package: tarfile.TarFile,
    name: str,
    version: str,
    integrity: str,
    keep: dict[str, str],
) -> dict[str, Any]:
    """Write the kept files and return the package's entry in the lock."""
    folder = VENDOR / f"{name}-{version}"
    folder.mkdir(parents=True)
    hashes = {}
    for inside, ours in keep.items():
        content = member(package, inside)
        (folder / ours).write_bytes(content)
        hashes[f"{folder.name}/{ours}"] = sha256(content)
    return {
        "name": name,
        "version": version,
        "integrity": integrity,
        "licence": json.loads(member(package, "package.json"))["license"],
        "files": hashes,
    }


def member(package: tarfile.TarFile, inside: str) -> bytes:
    stream = package.extractfile(f"package/{inside}")
    if stream is None:
        raise SystemExit(f"The package has no {inside}.")
    return stream.read()


def sprite(package: tarfile.TarFile, version: str) -> str:
    """One file with a <symbol> for each icon, to be drawn by <use href="…#name">."""
    symbols = []
    for name in sorted(set(ICONS)):
        drawing = member(package, f"icons/{name}.svg").decode()
        body = re.sub(r"\s*\n\s*", "", re.sub(r"</?svg[^>]*>", "", drawing))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>')
    head = f"<!-- Cut from bootstrap-icons {version} (MIT) by tools/vendor.py. -->"
    opening = '<svg xmlns="http://www.w3.org/2000/svg">'
    return "\n".join([opening, head, *symbols, "</svg>"]) + "\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
