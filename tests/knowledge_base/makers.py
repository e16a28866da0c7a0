"""Small articles for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)

RETURNS: tuple[str, str, dict[str, Any]] = (
    "return-time-limit",
    "returns",
    {
        "zh-Hans": {
            "question": "退货期限是多久？",
            "variants": ["收到后几天内可以退", "多少天之内能退货"],
            "answer": "签收后 **7 天**内可以退货。\n\n- 保持吊牌完好",
        },
        "en": {
            "question": "How long do I have to return something?",
            "variants": ["What is the return window?", "days allowed for returns"],
            "answer": "You have **7 days** after delivery.",
        },
    },
)
SHIPPING: tuple[str, str, dict[str, Any]] = (
    "shipping-cost",
    "shipping",
    {
        "zh-Hans": {
            "question": "运费要多少钱？",
            "variants": ["邮费怎么算", "满多少包邮"],
            "answer": "满 99 元包邮，软件里可以看到。",
        }
    },
)


def content(
    question: str = "几点上班？", answer: str = "九点。", **others: Any
) -> dict[str, Any]:
    """A content in Simplified alone."""
    return {
        "zh-Hans": {"question": question, "variants": [], "answer": answer}
    } | others
