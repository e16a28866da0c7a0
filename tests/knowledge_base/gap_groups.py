"""Questions that no starter article answers, by what they are about: how gaps should be grouped.

The threshold of `knowledge_base.gap_groups` was chosen on FIT; HELD_OUT was written
before that and looked at only to report how well it groups.
"""

from __future__ import annotations

#: what the question is about, and its wordings in both scripts and in English
Groups = tuple[tuple[str, ...], ...]

FIT: Groups = (
    (
        "你们修手表吗",
        "手錶壞了可以幫我修嗎",
        "Do you repair watches?",
        "can you fix a broken watch",
    ),
    (
        "有没有实体店可以试穿",
        "實體門市在哪裡可以試穿",
        "Is there a shop where I can try things on?",
    ),
    (
        "能刻字吗",
        "想在上面刻名字可以嗎",
        "Can you engrave a name on it?",
        "engraving available?",
    ),
    (
        "可以货到付款到香港吗",
        "寄香港可以貨到付款嗎",
        "Is cash on delivery possible in Hong Kong?",
    ),
    (
        "你们招人吗",
        "想應徵你們公司的工作",
        "Are you hiring?",
        "How do I apply for a job with you?",
    ),
    ("这个锅能放洗碗机吗", "鍋子可以用洗碗機洗嗎", "Is the pan dishwasher safe?"),
    (
        "送货师傅能帮忙搬上五楼吗",
        "可以送貨上樓嗎沒有電梯",
        "Will the courier carry it upstairs?",
    ),
    ("支持数字人民币吗", "可以用數位人民幣付款嗎", "Do you take the digital yuan?"),
    ("宠物可以带进店里吗", "帶狗進門市可以嗎", "Are dogs allowed in the store?"),
    (
        "你们是哪里生产的",
        "商品的產地在哪裡",
        "Where are your products made?",
        "country of origin?",
    ),
    ("企业采购有折扣吗", "公司大量採購有優惠嗎", "Do companies get a bulk discount?"),
    (
        "孕妇能用这个面霜吗",
        "懷孕可以擦這款面霜嗎",
        "Is this cream safe during pregnancy?",
    ),
    ("旧手机可以折价换新吗", "舊手機能以舊換新嗎", "Can I trade in my old phone?"),
    ("衣服会缩水吗", "洗了會不會縮水", "Will it shrink in the wash?"),
    ("有学生优惠吗", "學生有折扣嗎", "Is there a student discount?"),
    ("今天北京天气怎么样",),
    ("帮我写一首诗",),
    ("What is the capital of France?",),
    ("你喜欢什么颜色",),
    ("我想投诉你们的广告太吵",),
)

HELD_OUT: Groups = (
    (
        "能帮忙安装吗",
        "家具可以到府組裝嗎",
        "Do you install it at my place?",
        "is assembly included",
    ),
    ("电池能用多久", "充飽電可以用幾小時", "How long does the battery last?"),
    ("可以寄到监狱吗", "能寄到監獄裡嗎", "Can you deliver to a prison?"),
    (
        "你们有直播吗几点",
        "直播是幾點開始",
        "When is your live show?",
        "what time does the livestream start",
    ),
    ("花生过敏能吃吗", "對花生過敏可以吃這個嗎", "Is it safe with a peanut allergy?"),
    ("怎么成为你们的分销商", "我想代理你們的商品", "How do I become a reseller?"),
    ("可以租吗不买", "有出租服務嗎", "Can I rent it instead of buying?"),
    (
        "鞋码偏大还是偏小",
        "鞋子尺寸會偏小嗎",
        "Do the shoes run small?",
        "are the shoes true to size",
    ),
    ("包装盒环保吗", "包裝可以回收嗎", "Is the packaging recyclable?"),
    ("有没有盲文说明书", "有點字說明書嗎", "Do you have a manual in Braille?"),
    (
        "能分期免息吗24期",
        "可以分24期零利率嗎",
        "Can I pay in 24 interest-free instalments?",
    ),
    ("电压220能用吗", "台灣110伏特可以用嗎", "Does it work on 110 volts?"),
    (
        "你们赞助校园活动吗",
        "想找你們贊助社團活動",
        "Would you sponsor our school event?",
    ),
    (
        "保修期过了还能修吗",
        "過了保固還可以維修嗎",
        "Can it still be repaired out of warranty?",
    ),
    ("这个能带上飞机吗", "可以帶上飛機嗎", "Can I take this on a plane?"),
    ("讲个笑话",),
    ("How tall is Mount Everest?",),
    ("我儿子今天结婚了",),
    ("你是男的还是女的",),
    ("股票明天会涨吗",),
)
