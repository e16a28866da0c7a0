"""Whether these words touch a matter that no machine should answer alone.

A list and not a model: such matters are rare, the words for them are few, and nobody
should have to guess why a conversation was moved. All patterns meet folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handoff.folding import fold, visible

#: stands where a look-alike stood, so that nothing matches across it
BLANK = "□"


@dataclass(frozen=True, kw_only=True)
class Sensitive:
    """Which matter, and the words that gave it away."""

    #: crisis | injury | safety | legal | fraud | privacy
    kind: str
    words: str


# What people say when they are well, and what a shop sells.
_LOOK_ALIKES = re.compile(
    "|".join(
        (
            r"(?:笑|热|累|困|饿|渴|烦|急|美|爱|香|酸|甜|羡慕|尴尬|无聊|冷|吵|难看|丑|贵|慢|开心|高兴|气|担心)死",
            r"想死(?:你|她|他|它|大家|了你)|要死要活|死活|死机|死锁|死角|死皮|死库水|作死|找死|死党|死忠|该死的?(?:快递|物流)",
            r"(?:防|灭|打|放|点|生|发|上|着)火(?:器|机|毯|服|门|柜|石|罐|炉|锅|灶|墙|玻璃|涂料|等级|线)|火(?:锅|腿|鸡|龙果|车|箭|烈鸟)|烟花|烟火",
            r"爆炸(?:头|糖|盐|辣|好吃|好看|多)|(?:颜值|人气|销量|信息)爆炸|(?:爆|卖)款|气炸|心态(?:爆炸|崩|炸)",
            r"防(?:盗刷|漏电|触电|过敏|烫|割|骗|诈骗|摔|自杀)|(?:低|抗|不|会不会|会|不会|易|容易|能不能|能|可以|肌肤?|皮肤?|肤质?|鼻子?|体质|季节|花粉)(?:致)?过敏",
            r"过敏(?:的?人|体质|肌肤?|皮肤?|肤质|性肤质|原|源|季|可以|能|可不可以|能不能|适合)",
            r"隐私(?:政策|条款|协议|声明|保护膜|膜|屏|内衣|衣|部位|包装|发货|窗)|(?:保密|隐私)(?:发货|包装|配送)",
            r"你是(?:一?个)?(?:大)?骗(?:子|人的?)|律师(?:袍|服|证|包)|法院风|(?:小|老|大)骗子(?:玩具|熊|兔)|警察(?:玩具|服|帽|车)|(?:自|学)律",
            r"照骗|报警(?:器|灯|锁|铃|门磁)|烟雾(?:报警|探测|机|弹|妆)|医院(?:同款|床|鞋|专用)|受伤(?:包|贴|用)",
            r"\bfire[\s-]?(?:tv|stick|pit|place|wood|work|works|fly|wall|proof|fighter|man|hd|tablet|extinguisher|alarm|starter|retardant|resistant|red|safe)\w*",
            r"\bsmok(?:e|ing|ed)[\s-]?(?:detectors?|alarms?|salmon|grey|gray|free|machine|paprika|jacket|bomb)\b",
            r"\bshock[\s-]?(?:absorb\w*|proof|resistant|price[sd]?|pink)\b|\b(?:explo\w+) (?:of )?(?:colou?r|flavou?r|set|hair)\b",
            r"\b(?:tennis|basketball|food|badminton|volleyball|squash|hard)[\s-]courts?\b|\bcourt (?:shoes?|heels?|trainers?)\b",
            r"\b(?:legal|letter)[\s-](?:size|pad|paper|tender|age)\w*|\blaw ?(?:n|school)\b|\bpursue\b|\bsuede\b",
            r"\b(?:hospital|sick) (?:bed|corners?|gown|grade|bag|socks?)\b|\bhypo-?allergenic\b|\ballergy (?:free|season|tablets?|friendly)\b",
            r"\b(?:calorie|fat|heart|wood|candle|coal|dvd|cd|slow|clean)[\s-]?burn(?:s|er|ing)?\b|\bburn (?:cds?|calories|fat|time|out|hours)\b|\bburning (?:question|time)\b",
            r"\banti-?(?:fraud|scam|theft|hacking)\b|\brfid\b[^.?!]{0,30}|\bprivacy (?:policy|screen|film|filter|glass|fence|curtain|notice|protector|statement)\b",
            r"\b(?:discreet|private) (?:packag\w+|shipping)\b|\b(?:life|travel) ?hacks?\b|\bhack (?:squat|saw)\w*|\bhacksaw\b",
            r"\b(?:dying|die|dead|killing|kill(?:er|s)?) (?:to (?:get|have|know|wear|try|see)|for|of (?:laughter|curiosity)|deal|price|heels|look|outfit|it|time|bill|switch|weeds?|germs|bugs|battery|pixels?)\b",
            r"\bsuicide (?:squad|doors?|silence|boys)\b|\bhang (?:up|on|out|myself up|it|them|this|tag)\b",
        )
    )
)

_MATTERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "crisis",
        re.compile(
            r"自杀|自尽|轻生|自残|自我了断|寻短见|寻死|割腕|上吊|跳楼|跳河|跳江|跳海|跳桥|卧轨|喝(?:农药|敌敌畏|百草枯|毒药)|服毒|切腹|烧炭|吞安眠药"
            r"|不想活|活不下去|活着没(?:意思|意义|劲)|(?:没(?:有)?|失去)(?:了)?活(?:下去|着)的?(?:意义|动力|必要|勇气)"
            r"|(?:我|让我|真|好|就|只)(?:真的|就|也|都|好|只|太)?(?:想|要|去|该)死(?!你|了你|他|她|机|亏|守|板|在你)|(?<!给我)(?<!他妈)(?<!你)(?<!你们)(?<!都)(?:就|今天|明天|马上)去死(?!吧)|希望(?:我|自己|我自己)死(?:了|掉)?|死了算了|死了(?:就|才)?解脱"
            r"|(?:结束|了结)(?:自己|我|我自己)?的?(?:生命|性命|一生)|不想(?:继续)?活在|杀(?:死|了)我自己|伤害(?:我)?自己|生无可恋|毫无(?:指望|希望)"
            r"|\bsuicid\w*|\bkill(?:ing)? my ?self\b|\b(?:end|ending|take|taking) my (?:own )?life\b|\bself[\s-]?harm\w*"
            r"|\b(?:hurt|harm|cut|shoot|hang|drown|poison|off)(?:t?ing)? my ?self\b|\boffing myself\b|\bend it all\b|\bwant(?:ed)? to die\b"
            r"|\b(?:don'?t|do not|dont|no longer) want to (?:live|be alive|exist|go on living)\b|\bno (?:reason|point) (?:to|in) liv(?:e|ing)\b"
            r"|\bbetter off dead\b|\bjump(?:ing)? off (?:a|the|this) (?:bridge|building|roof|cliff)\b"
            r"|\b(?:want|need|plan(?:ning)?|going|gonna|think i'm going) to (?:overdose|drown|hang myself|jump in front)\b|\boverdos(?:e|ing)\b"
            r"|\b(?:take|taking|took) (?:all )?(?:the |my |some )?(?:sleeping )?pills(?: (?:soon|tonight|today|this \w+))?$|\b(?:take|taking) pills\b|\b(?:i )?(?:plan(?:ning)?|want|going|can'?t wait|ready) to die\b(?! (?:of|from|laughing))|\bif i killed myself\b|\blife (?:isn'?t|is not|ain'?t) worth\b|\bkilled myself\b|\bwish i (?:was|were) dead\b|\bsuicide hotline\b"
        ),
    ),
    (
        "injury",
        re.compile(
            r"受伤|弄伤|划伤(?:了)?(?:我|手|脸|孩子|宝宝|皮肤)|割伤|割破(?:了)?手|烫伤|烧伤|灼伤|砸伤|炸伤|刮伤(?:了)?(?:我|手|孩子|皮肤)|电伤|摔伤|骨折|流血|出血|中毒"
            r"|进(?:了)?(?:医院|急诊|icu)|(?:去|送|到)(?:了)?(?:医院|急诊)|住院|急诊|休克|窒息|昏迷|(?:吃|用|喝|涂|戴|穿)(?:了|完|过|后|之后)[^,。!?]{0,14}(?:过敏|红肿|起疹|起泡|呕吐|拉肚子|腹泻|发烧|头晕|烂脸|毁容|溃烂)"
            r"|(?:严重|脸上?|全身|手上?|身上)过敏|过敏(?:了|反应|严重)|烂脸|毁容|上吐下泻|食物中毒"
            r"|\binjur(?:y|ed|ies|ing)\b|\b(?:burn(?:ed|t|s)?|cuts?|hurts?|scalded|scratched|sliced) (?:my|his|her|our|the baby'?s?) (?:\w+(?:'s)? )?(?:hands?|fingers?|skin|face|arms?|legs?|feet|foot|eyes?|back|neck|lips?|mouth|tongue|head|toes?|knees?|thumb|scalp|throat|gums?|ears?|son|daughter|baby|child|kid|wife|husband|dog|cat)\b|\b(?:burn(?:ed|t)|scalded|poisoned|electrocuted|blinded|scarred|injured|hurt) (?:me|him|us|myself|himself|herself|my (?:son|daughter|baby|child|kid|wife|husband|dog|cat))\b"
            r"|\b(?:my|her|his) \w+ (?:is|was|are|got|started) (?:bleeding|burned|burnt|swollen|injured)\b|\bbleeding\b|\b(?:went|go|going|rushed|taken|ended up|been) (?:to|in|at)? ?(?:the )?(?:hospital|er|emergency room|a&e|urgent care)\b"
            r"|\bhospitali[sz]ed\b|\ballergic reaction\b|\banaphyla\w+|\b(?:had|got|gave me|have|causing) (?:a |an )?(?:severe |bad |terrible )?(?:rash|hives|blisters|food poisoning|chemical burns?|burns)\b|\bfood poisoning\b|\bbroke (?:my|his|her) (?:arm|leg|wrist|tooth|nose|ankle)\b"
            r"|\b(?:child|baby|kid|daughter|son) (?:choked|swallowed|was hurt|got hurt)\b|\bchoking hazard\b"
        ),
    ),
    (
        "safety",
        re.compile(
            r"着火|起火|失火|火灾|自燃|冒烟|冒火|爆炸|炸了|炸开|漏电|触电|电到|短路|电池(?:鼓包|膨胀|漏液)|鼓包|漏气(?:了)?(?!球)[^,。]{0,4}(?:煤气|燃气)|燃气泄漏|有毒|毒性|甲醛超标|三无产品|变质|发霉|有虫|有异物|玻璃渣|吃出"
            r"|安全隐患|危险品|召回"
            r"|\b(?:caught|catch(?:es|ing)?|on|set) (?:on )?fire\b|\bexplod(?:e|ed|es|ing)\b|\bexplosion\b|\bblew up\b|\belectric(?:al)? shocks?\b|\b(?:shocked|zapped) me\b|\bgave me a shock\b|\bgot (?:shocked|electrocuted)\b"
            r"|\b(?:started|began|is|was) (?:smoking|sparking|overheating|melting)\b|\bsmoke (?:came|coming|comes)\b|\bsparks? (?:came|coming|flying|flew)\b|\bshort[\s-]?circuit\w*|\bbatter(?:y|ies) (?:is |are |has |have )?(?:swollen|swelled|bulging|leaking|leaked|expanded)\b"
            r"|\b(?:is|are|it'?s) (?:toxic|a fire hazard|dangerous|unsafe)\b|\b(?:safety|fire) hazard\b|\bgas leak\b|\bproduct recall\b|\b(?:mould|mold|maggots|glass|metal) in (?:my|the) (?:food|drink|tea|snack)\b|\bspoiled food\b"
        ),
    ),
    (
        "legal",
        re.compile(
            r"律师|起诉|告你们|告上|法院|法庭|打官司|诉讼|仲裁|报警|报公安|派出所|公安局|(?:叫|找|报|通知)警察|(?<!\d)123[14]5(?!\d)|消协|消费者协会|消保|工商(?:局|投诉|举报)|市场监管|市监局|质监局|监管部门|(?:向|去|找|跟)(?:媒体|电视台|记者|315|平台|工信部|网信办)(?:投诉|举报|曝光|反映)"
            r"|曝光你们|举报你们|消费者权益|维权|法律(?:责任|途径|手段|武器|诉讼)|违法|犯法|假一赔十|退一赔三|侵权|集体诉讼|存证信函|消基会|消保官"
            r"|\b(?:sue|suing|sued)\b(?= (?:you|your|them|the|this|for|over|if))|\b(?:will|going to|gonna|could|can|'ll|want to) sue\b|\blaw ?suits?\b|\blawyers?\b|\battorneys?\b|\bsolicitors?\b|\blegal (?:action|advice|steps|proceedings|team|department|rights|recourse|matter)\b"
            r"|\b(?:take|taking|see|seeing|go|going|drag) (?:you|this|it|them)? ?(?:all )?(?:to|in) court\b|\bsmall claims\b|\bin court\b|\bconsumer (?:protection|rights|council|affairs|court|forum)\b|\btrading standards\b|\bombudsman\b|\bbetter business bureau\b|\bbbb\b|\bftc\b|\battorney general\b"
            r"|\b(?:call|calling|contact|report(?:ing)? (?:you|this|it)? ?to|go to|going to) the (?:police|authorities|cops|media|press)\b|\billegal\b|\bcopyright infring\w+|\bclass action\b|\bchargeback\b"
        ),
    ),
    (
        "fraud",
        re.compile(
            r"诈骗|欺诈|骗子|骗钱|骗人|被骗|受骗|上当|盗刷|盗号|被盗|冒充|假冒(?:你们|客服)|钓鱼(?:网站|链接|短信|邮件)|洗钱|不是我(?:下|买|付|操作)的|(?:没有|没)下过?单[^,。]{0,8}(?:扣|收)|莫名(?:其妙)?(?:被)?扣(?:了|款|钱)|乱扣(?:费|款|钱)"
            r"|(?:收到|接到)[^,。]{0,12}(?:自称|说是)[^,。]{0,10}客服|让我(?:转账|汇款|提供验证码|开会议|下载)|刷单|索要验证码|要我验证码"
            r"|\bscam(?:s|med|mers?|ming)?\b|\bfraud\w*|\bphishing\b|\b(?:stole|stolen|steal(?:ing)?) (?:my )?(?:card|credit|identity|account|money|details)\b|\bidentity theft\b|\b(?:unauthori[sz]ed|unknown|unrecogni[sz]ed|suspicious) (?:\w+ )?(?:charge|charges|payment|payments|transaction|transactions|order|orders|purchase|login|access)\b"
            r"|\b(?:did not|didn'?t|didnt|never) (?:make|place|authori[sz]e) (?:this|that|the|these|any|an)? ?(?:order|orders|purchase|payment|charge|transaction)\b|\b(?:account|card) (?:was |has been |got |is )?(?:hacked|compromised|stolen|cloned)\b|\bhacked\b|\bcounterfeit money\b|\bimpersonat\w+|\bripped me off\b"
        ),
    ),
    (
        "privacy",
        re.compile(
            r"(?:信息|隐私|资料|数据|电话|手机号|地址|身份证)[^,。!?]{0,6}(?:泄露|泄漏|外泄|被卖|被泄|曝光|被盗用)|(?:泄露|泄漏|出卖|贩卖|倒卖|侵犯|盗用)[^,。!?]{0,8}(?:信息|隐私|资料|数据|电话|身份)|人肉(?:搜索|我)|隐私权"
            r"|(?:删除|注销|清除|抹除)[^,。!?]{0,6}(?:个人信息|个人资料|个人数据|我的数据|所有数据|我的信息)|个资(?:外泄|外洩|法)?|被遗忘权|骚扰(?:电话|我|短信)"
            r"|\bdata (?:breach|leak|protection (?:officer|act|request))\b|\bgdpr\b|\bccpa\b|\bright to be forgotten\b|\b(?:leak(?:ed|ing)?|sold|selling|shar(?:ed|ing)|expos(?:ed|ing)|disclos(?:ed|ing)) (?:my|our|customer|customers'?) (?:\w+ )?(?:data|information|info|details|address|number|email|phone)\b"
            r"|\b(?:delete|erase|remove) (?:all )?(?:of )?my (?:personal )?(?:data|information|details)\b|\b(?:my|our) (?:personal |private )?(?:data|information|details|privacy) (?:was|were|has been|have been|is|are|got) (?:leaked|stolen|shared|sold|violated|exposed|breached)\b"
            r"|\binvasion of privacy\b|\bviolat\w+ (?:of )?(?:my )?privacy\b|\b(?:someone else'?s|another customer'?s|other people'?s) (?:order|address|account|details|data|name)\b|\bdoxx?(?:ed|ing)\b|\bstalk(?:ed|ing|er)\b"
        ),
    ),
)


def sensitive_matter(text: str) -> Sensitive | None:
    """Return the gravest sensitive matter the text touches, or None."""
    told = _LOOK_ALIKES.sub(BLANK, fold(visible(text)))
    for kind, pattern in _MATTERS:
        found = pattern.search(told)
        if found is not None:
            return Sensitive(kind=kind, words=found.group().strip())
    return None
