"""Decides what a carrier is called in each language; one that is not listed keeps its own name."""

from __future__ import annotations

from collections.abc import Mapping

from api.settings import Language

_NAMES: dict[str, tuple[str, str, str]] = {
    "sf": ("顺丰速运", "順豐速運", "SF Express"),
    "yto": ("圆通速递", "圓通速遞", "YTO Express"),
    "zto": ("中通快递", "中通快遞", "ZTO Express"),
    "sto": ("申通快递", "申通快遞", "STO Express"),
    "yunda": ("韵达快递", "韻達快遞", "Yunda Express"),
    "jt": ("极兔速递", "極兔速遞", "J&T Express"),
    "jd": ("京东快递", "京東快遞", "JD Express"),
    "deppon": ("德邦快递", "德邦快遞", "Deppon Express"),
    "cainiao": ("菜鸟速递", "菜鳥速遞", "Cainiao Express"),
    "ems": ("邮政 EMS", "郵政 EMS", "EMS"),
    "china post": ("中国邮政", "中國郵政", "China Post"),
}
#: what shops call them, in lower case and without "express"
_SPELLINGS = {
    **{name: name for name in _NAMES},
    "sf-express": "sf",
    "j&t": "jt",
    "j & t": "jt",
    "jd logistics": "jd",
    **{wording: name for name, known in _NAMES.items() for wording in known[:2]},
}


def carrier_name(carrier: str) -> str | Mapping[Language, str]:
    """The carrier's name by language, or as the shop writes it."""
    bare = carrier.strip().lower().removesuffix("express").strip()
    known = _SPELLINGS.get(bare)
    if known is None:
        return carrier
    simplified, traditional, english = _NAMES[known]
    return {"zh-Hans": simplified, "zh-Hant": traditional, "en": english}
