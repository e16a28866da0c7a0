"""What is done about a bad rating: its cause by the shopper's words, and the steps for it.   (pure)"""

from __future__ import annotations

import re

#: at most this many stars are bad
BAD_STARS = 2
OTHER = "other"
#: the first cause whose words are found; the more particular ones come first
_CAUSES = (
    (
        "duty_on_free_shipping",
        r"关税|關稅|税费|稅費|报关|報關|清关|清關|包[邮郵].{0,12}(?:税|稅|收费|收費|付)|\bduty|\bduties|\bcustoms|\bimport (?:tax|fee)|\bvat\b",
    ),
    (
        "card_fee",
        r"手续费|手續費|刷卡费|刷卡費|信用卡.{0,8}(?:费|費)|汇率|匯率|\b(?:card|bank|transaction|foreign|processing) (?:fee|charge)|\bexchange rate",
    ),
    (
        "picture_differs",
        r"色差|图片不符|圖片不符|与图|與圖|和图片|和圖片|跟图片|跟圖片|描述不符|实物|實物|[货貨]不[对對]板|照片.{0,6}不|\b(?:not as (?:described|pictured|shown)|different (?:from|than) the (?:picture|photo|description)|colou?r (?:is|was) (?:different|off))",
    ),
    (
        "late",
        r"太慢|很慢|好慢|延误|延誤|迟迟|遲遲|没[收到]|還沒到|还没到|一直不到|物流|快[递遞]|\b(?:late|slow|delay|never arrived|not arrived|took (?:forever|ages|weeks))",
    ),
    (
        "faulty",
        r"坏了|壞了|破损|破損|质量|品質|有问题|瑕疵|少[了件发發]|[发發]错|發錯|假[货貨]|\b(?:broken|damaged|faulty|defect|missing|wrong (?:item|size|product)|fake|poor quality)",
    ),
    (
        "attitude",
        r"态度|態度|不耐烦|不耐煩|敷衍|没礼貌|沒禮貌|推[脱脫卸]|\b(?:rude|attitude|impolite|unfriendly|ignored|dismissive)",
    ),
    (
        "not_solved",
        r"没解决|沒解決|没有解决|沒有解決|没用|沒用|答非所问|答非所問|不[处處]理|\b(?:not (?:solved|resolved|helpful)|unsolved|unresolved|useless|didn'?t help|no (?:help|solution|answer))",
    ),
)
_PATTERNS = tuple((cause, re.compile(words, re.IGNORECASE)) for cause, words in _CAUSES)

#: the steps in the order in which they are taken; each is worded on the page
PLAYBOOKS: dict[str, tuple[str, ...]] = {
    "duty_on_free_shipping": (
        "read_thread", "check_duty_shown", "explain_duty", "offer_part_of_duty", "correct_page",
    ),
    "card_fee": ("read_thread", "check_who_charged", "explain_card_fee", "offer_coupon"),
    "picture_differs": (
        "read_thread", "ask_for_photo", "compare_with_page", "offer_return_or_part_refund",
        "correct_page",
    ),
    "late": ("read_thread", "check_parcel", "apologise_name_date", "offer_compensation"),
    "faulty": ("read_thread", "ask_for_photo", "offer_replacement_or_refund", "tell_warehouse"),
    "attitude": ("read_thread", "apologise_as_supervisor", "talk_with_agent"),
    "not_solved": ("read_thread", "solve_now", "tell_result", "note_gap"),
    "other": ("read_thread", "ask_what_went_wrong", "offer_solution"),
}  # fmt: skip


def cause_of(comment: str, *, said: str = "", delivery: int | None = None) -> str:
    """The cause named in the comment; else in the talk; else by the worst score."""
    for text in (comment, said):
        for cause, pattern in _PATTERNS:
            if pattern.search(text):
                return cause
    return "late" if delivery is not None and delivery <= BAD_STARS else OTHER
