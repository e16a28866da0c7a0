"""Which of the shop's own calibrations answers: the newest; each stays as a file, so that one step goes back."""

from __future__ import annotations

import re
from pathlib import Path

import structlog

from knowledge_base.calibration import Calibration, load, save, shipped
from knowledge_base.errors import OutdatedCalibration

log = structlog.get_logger(__name__)

_NAME = re.compile(r"calibration-(\d+)\.json")


def newest(folder: Path, *, model_id: str) -> Calibration:
    """The shop's last fit for this model, or the one that comes with the project.

    A fit of an earlier version, which weighed other things, answers no longer.
    """
    kept = _kept(folder)
    if kept:
        try:
            own = load(kept[max(kept)])
        except OutdatedCalibration as error:
            log.warning("own fit left aside", action="calibrate", reason=str(error))
            return shipped()
        if own.model_id == model_id:
            return own
    return shipped()


def keep(calibration: Calibration, folder: Path) -> int:
    """Write this fit beside the earlier ones; it is the newest from now on."""
    number = max(_kept(folder), default=0) + 1
    save(calibration, folder / f"calibration-{number}.json")
    return number


def back(folder: Path) -> int | None:
    """Take the newest fit away; the number that answers now, 0 for the shipped one."""
    kept = _kept(folder)
    if not kept:
        return None
    kept.pop(max(kept)).unlink()
    return max(kept, default=0)


def _kept(folder: Path) -> dict[int, Path]:
    if not folder.is_dir():
        return {}
    return {
        int(found[1]): path
        for path in folder.iterdir()
        if (found := _NAME.fullmatch(path.name))
    }
