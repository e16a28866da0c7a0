"""The Chinese words by which shoppers ask for a person, and those that only look so.

All patterns meet folded text: Simplified, lower case, half width.
"""

from __future__ import annotations

import re

from handoff.asking_words import AskingWords

# Shoppers type by sound: 人工 comes as 人功, 人共, rengong, with dots and blanks inside.
_RENGONG = r"(?:[人仁认][\s\W_]{0,2}[工功共公供攻]|(?<![a-z])ren\s?gong|人g(?![a-z]))"
_ZHENREN = r"(?:[真珍][\s\W_]{0,2}人|(?<![a-z])zhen\s?ren|活人|真的人|真正的人)"
_KEFU = r"(?:[客可][\s\W_]{0,2}[服付复福]|(?<![a-z])ke\s?fu(?![a-z])|客户服务|客户代表|小编|小二)"
_STAFF = r"(?:专员|专人|经理|主管|负责人|领导|老板|店长|店主|工作人员|服务人员|值班|人类|坐席|座席)"
_ANYONE = rf"(?:{_RENGONG}|{_ZHENREN}|{_KEFU}|{_STAFF})"
_TO = (
    r"(?:转接|(?<![a-z])zhuan|转到|转给|转至|转|传|专到|换成|换个|换一个|换|找|叫|接通|接|喊|呼叫|联系|连线|连接|连"
    r"|切换到|切换|切到|切|安排|派|求|请|想要|需要|要|来个|来一个|给我|上)"
)
_FILLER = r"(?:一下|下|一位|一个|个|位|名|到|给|成|我|你们家?的?|你们|咱们|的|真|在线|线上|人类|高级){0,4}\s?"
_END = r"[\s吗么嘛呢啊吧呀哦噢喔啦了!?。.,~、]*"

_LOOK_ALIKES = re.compile(
    "|".join(
        (
            # made by hand or by man, not a member of staff
            r"人工(?:智能|智慧|皮|革|草|呼吸|湖|降雨|增雨|林|养殖|繁殖|饲养|授精|受孕|流产|心脏|关节|耳蜗"
            r"|晶体|晶状体|泪液|泪|眼泪|骨|血管|钻|宝石|水晶|珍珠|合成|色素|香精|香料|甜味|代糖|添加|费"
            r"|成本|工费|制作|制造|制|做的|手工|编织|织|缝|打磨|雕|挑|分拣|采摘|培育|栽培|种植|翻译|搬运"
            r"|安装|组装|搬|鱼礁|海滩|岛|雪|造雪|日光|光源|气候|毛|皮毛|羽毛|鳄鱼|麂|丝|纤维|棉|大理石"
            r"|石|饵|鱼饵|诱饵|假发|睫毛|指甲|审核|质检|检测|包装|烘焙|发酵|沙滩|浪|瀑布|喂养|孵化|麝香"
            r"|牛黄|虎骨|熊胆|角膜|肛门|关|瓣膜|血浆|语言|神经)",
            r"(?:纯|全|半|需要|手|省|节省|靠)人工(?:的|吗)?(?=$|[\s,。!?做打制])",
            r"真人(?:秀|发|头发|假发|毛发|同款|试穿|实拍|模特|版|cs|电影|大小|比例|图|上身|效果|照|测评"
            r"|语音|发声|配音|娃娃|手办|尺寸|出镜|佩戴|试戴|展示|游戏)",
            r"真人真事|当真人|克服",
            r"(?:负责人|老板|经理|领导|主管)(?:椅|桌|包|杯|键|台)",
            # the machine calls itself so
            r"(?:智能|机器人|机器|自动|ai|虚拟)(?:在线)?客服",
            # told about an earlier talk, or about manners: no wish in it
            r"(?:上次|上回|之前|刚才|刚刚|昨天|前天|早上|那个|那位|有个|另一个|另外一个|前面)"
            r"(?:的|你们|有个|一个|那个)?客服",
            r"客服(?:说|告诉|答应|承诺|跟我说|回复我说|建议)",
        )
    )
)

_IDENTITY = re.compile(
    rf"(?:你|您|这|对面|那边|到底)?(?:这?边)?(?:到底|究竟)?是(?:不是)?(?:一?个)?"
    rf"(?:{_RENGONG}|{_ZHENREN}|人|机器人?|ai|程序)(?:客服)?"
    rf"(?:(?:还是|或者|或)(?:一?个)?(?:机器人?|{_ZHENREN}|人|{_RENGONG}|ai|程序)(?:客服)?)?"
    rf"(?:在)?(?:吗|么|嘛|呢|啊|吧|$|\?)"
    rf"|(?:和|跟|与)(?:一?个)?{_ZHENREN}还是机器人?(?:说话|聊天|对话)?"
)

_REFUSED = re.compile(
    rf"(?:不用|不要|不需要|用不着|别|不想|无需|先不|暂时不|不必|没必要)(?:再|帮我|给我|麻烦)*"
    rf"(?:转接|转|找|叫|接|联系|要)?(?:到|给)?(?:一?个)?{_ANYONE}(?:客服|服务)?(?:了|吧|啦)?"
)

_CLEAR = re.compile(
    "|".join(
        (
            rf"{_TO}\s?{_FILLER}{_ANYONE}",
            rf"(?:{_RENGONG}|{_ZHENREN})\s?(?:{_KEFU}|服务|坐席|座席|接待|在线|回答|回复|处理|解答|沟通|帮|来|台)",
            rf"^{_END}(?:(?:我要|我想要|要|请|麻烦|快)?{_ANYONE}{_END})+$",
            rf"(?<!所)有(?:没有)?(?:你们的?)?(?:{_RENGONG}|{_ZHENREN}|{_KEFU}|人类){_END}",
            r"有没有人[\s,。]*(?:在吗|啊|呢|吗|可以|能|来|理|管|我可以|跟我|和我)",
            rf"{_KEFU}(?:人员|小姐姐|小哥|小妹)?(?:在不在|在吗|在么|呢|人呢|在哪|去哪|死哪|回我|回话|出来|快)",
            r"(?:不要|不想|别|不愿|讨厌|受够|烦死)[^,。!?]{0,8}(?:机器人|智能客服|ai|自动回复)",
            rf"(?:和|跟|与|同)(?:一?个|你们的?|真正?的?|活的?)*(?:人|人类|{_ANYONE})"
            r"(?:来)?(?:谈|聊|说|讲|沟通|对话|交谈|交流|联系|反映|反应)",
            rf"(?:让|叫|请|派)(?:一?个)?(?:你们的?)?(?:人|{_ANYONE})(?:来|跟|和|联系|给我|回|打|处理|接)",
            r"人性化(?:的)?(?:客服|服务)|手动客服|(?:真正的?|真实的?)人类",
        )
    )
)

# Someone is mentioned, the wish is not certain.
_UNCLEAR = re.compile(
    rf"{_RENGONG}|{_ZHENREN}|客服|有人(?:吗|么|在吗|在么|在不在|没)|没(?:有)?人(?:吗|理我|回我|管我|管吗|在吗|回复|回答)"
    r"|你们(?:经理|主管|领导|老板|负责人)"
)

# Asked about the service and not for it: hours, telephone, manners.
_ABOUT_THE_SERVICE = re.compile(
    rf"(?:{_RENGONG}|{_ZHENREN})?(?:{_KEFU}|{_RENGONG})(?:服务)?(?:的)?"
    r"(?:几点|什么时候|什么时间|多久|上班|下班|工作时间|营业|服务时间|电话|热线|号码|邮箱|微信|态度|时间"
    r"|是几点|在线时间|在哪里找|怎么收费|收费)"
)

CHINESE = AskingWords(
    identity=_IDENTITY,
    look_alikes=_LOOK_ALIKES,
    refused=_REFUSED,
    clear=_CLEAR,
    about_the_service=_ABOUT_THE_SERVICE,
    unclear=_UNCLEAR,
)
