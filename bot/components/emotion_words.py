"""Decides which words are sure signs of a feeling: folded patterns, a list for each feeling.

A word stands here only if hardly anybody who is calm writes it about a shop, its goods or
its people: goods are called rubbish bags and rice buckets, and lemonade is bitter.
"""

from __future__ import annotations

import re

_CALLED_NAMES_ZH = (
    r"呆瓜|傻瓜(?!相机)|笨猪|猪头(?!肉)|蠢材|蠢蛋|蠢驴|蠢货|蠢猪|笨蛋|白痴|弱智|(?<!人工)智障|低能|脑残|脑瘫|神经病|"
    r"二百五|二货|傻(?:逼|b|x|叉|缺|冒|帽|鸟)|煞笔|沙比|煞比|混蛋|混账|畜生|人渣|败类|禽兽|贱人|无赖|骗子|"
    r"奸商|废物|废柴|狗东西|白目|白烂|北七|奇葩"
)
_CALLED_SOMETHING_ZH = (
    r"真蠢|太蠢|这么蠢|够蠢|很蠢|愚蠢|太笨|好笨|这么笨|真傻|太傻|你傻|脑子(?:有(?:病|坑|问题|洞)|进水|被)|脑袋进水|"
    r"没脑子|有病吧|有毛病|你有病|没良心|缺德|犯贱|真贱|冷血|虚伪|恶毒|坏透|没素质|没教养|不负责任|无良|无耻|"
    r"不要脸|算老几|(?:死|破|烂|臭|垃圾)机器人?|破店|黑店|什么(?:破|玩意|鬼|鸟)|啥玩意|鬼东西|破玩意"
)
_TOLD_TO_GO_ZH = (
    r"滚(?!筒|轮|珠|边|子|动|烫|圆|梯|水|刷|毛)|闭嘴|住口|去死|一边去|一边凉快|别烦我|少烦|不想理你|收皮|死开|躝|仆街(?!少女)|扑街|吃屎|食屎|"
    r"(?:死|骂)全家|你全家|怎么不去死|讨打|欠揍|欠骂|欠抽|欠扁|找骂|走着瞧|你们等着"
)
_SWEARING_ZH = (
    r"(?<![妈我你她他当])妈的|他妈|你妈的|去你妈|操你|尼玛|你妹|你大爷|去你的|草泥马|特么|操蛋|干你娘|靠北|靠腰|靠夭|见鬼|该死|"
    r"屌|含家铲|冚家|戆|痴线|黐线|碌葛|放屁|狗屁|屁用|屁话|个屁|鸟用|毛用|卵用|天杀|雷劈|报应|"
    r"(?<![a-z])(?:tmd|cnm|nmd|nmsl|sb|mlgb)(?![a-z])"
)
_ANGER_ZH = (
    r"气死|生气|火大|恼火|愤怒(?!的小鸟)|发火(?!石|柴)|窝火|火冒三丈|暴怒|不爽|(?<!空)气炸(?!锅)|气疯|气坏|恼怒|激死|火滚|一肚子?(?:火|气)|发飙|翻脸|"
    r"忍无可忍|忍不了|忍够|受够|烦死|烦透|真烦|很烦|你烦|烦不烦|烦着呢|烦人|讨厌你|讨厌死|真讨厌|讨人厌|可恶|"
    r"恨你|恨死|恨透|鄙视|吵死|恶心|烂透|烂死|真烂|很烂|好烂|最烂|最差|烂货|垃圾(?!桶|袋|车|箱|分类|处理|短信|邮件)|太过分|过分了|欺人太甚|岂有此理|"
    r"荒唐|荒谬|离谱|不可理喻|莫名其妙|有没有搞错|搞什么|搞乜|咩料"
)
_WRONGED_ZH = (
    r"骗人|欺骗|坑人|坑爹|坑钱|抢钱|呃人|呃钱|店大欺客|霸王条款|欺负人|耍我|玩我|玩弄|逗我|忽悠|敷衍|糊弄|踢皮球|"
    r"推卸|推三阻四|推来推去|甩锅|装死|装傻|装聋|当我(?:傻|是傻|好欺负|猴)|胡扯|瞎扯|鬼扯|胡说|说谎|撒谎|谎话|"
    r"睁眼说瞎话|言而无信|说话不算|出尔反尔|吃干饭|吃白饭|什么态度|嘴脸|丢人|丢脸|投诉|举报|曝光|差评"
)
_CALLED_NAMES_EN = (
    r"idiots?|morons?|imbecile|cretin|dunce|half-?wit|dimwit|nitwit|twit|blockhead|airhead|dumb\w*|stupid|moronic|"
    r"idiotic|asinine|brainless|mindless|brain ?-?dead|ignorant|spineless|worthless|incompetent|pathetic|"
    r"liars?|thieves|thief|crooks?|con artists?|clowns?|losers?|jerks?|creep|freak|scum|scumbags?|parasites?|"
    r"douche\w*|dickheads?|pricks?|twats?|cunts?|wankers?|tossers?|arseholes?|assholes?|bastards?|bitch\w*"
)
_TOLD_TO_GO_EN = (
    r"shut (?:it|up)|screw (?:you|this)|zip it|get lost|get stuffed|stuff it|up yours|leave me alone|drop dead|"
    r"kill yourself|go to hell|(?:sod|bugger|piss|bog|buzz) off|stfu"
)
_SWEARING_EN = (
    r"f+[u*@#.v]+c*[*@#.]*k+\w*|f\*+\w*|sh[i1*!@#]+t+\w*|s\*+t|a[*@$#]{2}|b[*!]tch|bs(?= answer| excuse|!)|bullshit|"
    r"bollocks|bloody|crap\w*|damn|dammit|goddamn\w*|freaking|frigging|effing|wtf|wth|"
    r"for (?:god|heaven|christ|pete|crying|fuck)\W?s? sake|piece of (?:junk|crap|rubbish|work|garbage|trash)|"
    r"waste of (?:space|skin|oxygen|electricity)|(?:garbage|trash)(?! (?:can|bag|bin|disposal))|rotten"
)
_ANGER_EN = (
    r"furious|outrage\w*|enraged|infuriat\w*|irate|seething|fuming|livid|angry(?! (?:birds?|orchard))|pissed|mad at|so mad|fed up|sick of|"
    r"sick to death|tired of your|had it with|enough is enough|last straw|hate (?:you|this)|loathe|despise|detest|"
    r"nobody likes|no one likes|ridiculous|unacceptable|disgust\w*|appalling|appalled|atrocious|horrendous|abysmal|"
    r"vile|shameless|shameful|shame on|disgrace\w*|laughable|laughing stock|shambles|farce|nonsense|gibberish|rude"
)
_WRONGED_EN = r"scam\w*|fraud\w*|swindl\w+|conned|robbed|robbery|rip[- ]?off|dodgy|how dare|small claims|trading standards|suing"

#: Folded (Simplified, lower case).
WORDS: dict[str, str] = {
    "angry": "|".join(
        (
            _CALLED_NAMES_ZH,
            _CALLED_SOMETHING_ZH,
            _TOLD_TO_GO_ZH,
            _SWEARING_ZH,
            _ANGER_ZH,
            _WRONGED_ZH,
            _CALLED_NAMES_EN,
            _TOLD_TO_GO_EN,
            _SWEARING_EN,
            _ANGER_EN,
            _WRONGED_EN,
        )
    ),
    "dissatisfied": (
        r"失望|不满|不满意|太差|很差|好差|差劲|糟糕|太慢|好慢|质量差|不值|后悔|无语|服了|"
        r"没用|不靠谱|体验差|不行啊|都多久了|怎么还没|还没解决|"
        r"disappoint\w*|dissatisf\w*|unhappy|poor (?:quality|service)|terrible|awful|"
        r"not (?:good|happy|satisfied|impressed)|let down|waste of|still (?:not|no|hasn)|"
        r"useless|annoy\w*|frustrat\w*"
    ),
    "anxious": (
        r"着急|急死|急用|好急|很急|赶紧|赶快|快点|来不及|担心|焦虑|不安|怎么办|尽快|拜托快|"
        r"worr(?:y|ied|ying)|anxious|urgent\w*|asap|nervous|panic\w*|hurry|running out of time|"
        r"desperate\w*|as soon as possible"
    ),
    "sad": (
        r"难过|伤心|心碎|想哭|哭了|委屈|沮丧|崩溃|绝望|心寒|遗憾|"
        r"heartbroken|so sad|very sad|upset|crying|in tears|devastat\w*|depress\w*|hopeless"
    ),
    "grateful": (
        r"谢谢|感谢|多谢|谢啦|太好了|真好|辛苦了|好评|点赞|满意|感激|"
        r"thank\w*|thx|appreciate\w*|grateful|awesome|you'?re the best|great help|lifesaver"
    ),
}
STRONG_ANGER = re.compile(
    r"气死|忍无可忍|骗子|黑店|奸商|无耻|不要脸|欺人太甚|垃圾|妈的|他妈|操你|傻逼|煞笔|脑残|滚|"
    r"投诉|举报|曝光|furious|livid|scam\w*|fraud\w*|f+[u*@#.v]+c*[*@#.]*k+\w*|bullshit|wtf|thieves|how dare|"
    r"outrage\w*|disgust\w*|unacceptable|闭嘴|去死|草泥马|cnm|nmsl|shut up|infuriat\w*|enraged"
)
