"""What the demo shop sells, to whom and where: plain tables for the order generator."""

from __future__ import annotations

from dataclasses import dataclass

from api.shop.orders import PaymentRoute


@dataclass(frozen=True, kw_only=True)
class Ware:
    sku: str
    zh: str
    en: str
    #: in yuan; other currencies follow from it
    yuan: int
    returnable: bool = True


WARES = (
    Ware(sku="DR-101", zh="碎花雪纺连衣裙", en="Floral chiffon dress", yuan=259),
    Ware(sku="TS-204", zh="纯棉圆领T恤", en="Cotton crew-neck T-shirt", yuan=79),
    Ware(sku="JK-310", zh="轻薄羽绒服", en="Light down jacket", yuan=499),
    Ware(sku="JN-115", zh="直筒牛仔裤", en="Straight-leg jeans", yuan=199),
    Ware(sku="SW-420", zh="羊毛针织衫", en="Merino sweater", yuan=329),
    Ware(sku="SH-501", zh="透气跑步鞋", en="Breathable running shoes", yuan=369),
    Ware(sku="SH-522", zh="真皮短靴", en="Leather ankle boots", yuan=539),
    Ware(sku="SK-050", zh="棉袜五双装", en="Cotton socks, pack of five", yuan=39),
    Ware(
        sku="UW-061",
        zh="莫代尔内裤三条装",
        en="Modal briefs, pack of three",
        yuan=89,
        returnable=False,
    ),
    Ware(sku="HM-701", zh="真空保温杯", en="Vacuum flask", yuan=119),
    Ware(sku="HM-715", zh="亚麻四件套", en="Linen bedding set", yuan=459),
    Ware(sku="HM-733", zh="香薰蜡烛", en="Scented candle", yuan=69),
    Ware(sku="HM-748", zh="陶瓷餐具套装", en="Stoneware dinner set", yuan=289),
    Ware(sku="EL-801", zh="蓝牙降噪耳机", en="Noise-cancelling headphones", yuan=599),
    Ware(sku="EL-815", zh="护眼台灯", en="Eye-care desk lamp", yuan=179),
    Ware(sku="EL-826", zh="便携充电宝", en="Portable power bank", yuan=149),
    Ware(
        sku="EL-840",
        zh="电动牙刷",
        en="Electric toothbrush",
        yuan=229,
        returnable=False,
    ),
    Ware(
        sku="CU-900",
        zh="刻字银手链",
        en="Engraved silver bracelet",
        yuan=349,
        returnable=False,
    ),
)

NAMES = {
    "CN": (
        "王芳",
        "李娜",
        "张伟",
        "刘洋",
        "陈静",
        "杨帆",
        "赵磊",
        "黄敏",
        "周杰",
        "吴倩",
        "徐丽",
        "孙浩",
    ),
    "TW": ("林怡君", "陳冠宇", "黃淑芬", "張家豪", "蔡佩珊", "劉宗翰"),
    "HK": ("陳嘉欣", "黃志明", "李穎琳", "Chan Ka Ho", "梁詠詩"),
    "US": ("Emma Clark", "Liam Turner", "Olivia Reed", "Noah Bennett", "Mia Foster"),
}

ADDRESSES = {
    "CN": (
        "浙江省杭州市西湖区文三路",
        "上海市浦东新区世纪大道",
        "广东省深圳市南山区科苑路",
        "四川省成都市锦江区红星路",
    ),
    "TW": ("台北市大安區和平東路", "台中市西屯區台灣大道", "高雄市前鎮區中山路"),
    "HK": ("香港九龍尖沙咀彌敦道", "香港沙田源禾路"),
    "US": (
        "Seattle, WA, Pine Street",
        "Austin, TX, Congress Avenue",
        "Chicago, IL, Clark Street",
    ),
}

#: e-mail names, so that no address repeats a real person's
MAILBOXES = ("sunny", "maple", "river", "cloud", "ginkgo", "lotus", "amber", "willow")

CURRENCIES = {"CN": "CNY", "TW": "TWD", "HK": "HKD", "US": "USD"}
#: units of the currency for one yuan
RATES = {"CNY": "1", "TWD": "4.4", "HKD": "1.1", "USD": "0.14"}
FREE_SHIPPING = {"CN": 99, "TW": 420, "HK": 420, "US": 420}  # yuan
SHIPPING_YUAN = {"CN": 8, "TW": 64, "HK": 64, "US": 64}
#: carrier, its number's prefix and how many digits follow
CARRIERS = {
    "CN": (
        ("SF Express", "SF", 13),
        ("YTO Express", "YT", 13),
        ("ZTO Express", "ZTO", 12),
    ),
    "TW": (("SF Express", "SF", 13),),
    "HK": (("SF Express", "SF", 13),),
    "US": (("UPS", "1Z", 16), ("EMS", "EA", 9)),
}
ROUTES = {
    "CN": (PaymentRoute.ALIPAY, PaymentRoute.WECHAT, PaymentRoute.CARD),
    "TW": (PaymentRoute.CARD, PaymentRoute.OTHER),
    "HK": (PaymentRoute.CARD, PaymentRoute.ALIPAY),
    "US": (PaymentRoute.CARD, PaymentRoute.PAYPAL),
}
#: days from dispatch to the door: the promise to each region
PROMISE_DAYS = {"CN": 4, "TW": 7, "HK": 7, "US": 15}
#: days without a scan after which a parcel counts as lost
LOST_DAYS = {"CN": 7, "TW": 20, "HK": 20, "US": 20}

#: the way of a parcel, by region: (Simplified, English)
DEPOTS = {
    "CN": (
        ("杭州分拣中心", "Hangzhou sorting centre"),
        ("目的地转运中心", "Destination hub"),
        ("当地营业点", "Local branch"),
    ),
    "TW": (
        ("杭州分拣中心", "Hangzhou sorting centre"),
        ("桃园海关", "Taoyuan customs"),
        ("当地营业点", "Local branch"),
    ),
    "HK": (
        ("深圳口岸", "Shenzhen port"),
        ("香港海关", "Hong Kong customs"),
        ("当地营业点", "Local branch"),
    ),
    "US": (
        ("上海国际邮件中心", "Shanghai international mail centre"),
        ("洛杉矶海关", "Los Angeles customs"),
        ("当地营业点", "Local branch"),
    ),
}
