"""The English words by which shoppers ask for a person, and those that only look so.

All patterns meet folded text with the commonest typos already put right (`asking_slips`).
"""

from __future__ import annotations

import re

from handoff.asking_words import AskingWords

_ADJECTIVE = (
    r"(?:(?:a|an|any|the|your|ur|some|one|of|you|guys|real|actual|live|living|human|proper|senior|another|different"
    r"|damn|bloody|fucking|freaking|f\w*ing|customer|service|support|care|sales|human-?being|hunan|line|online"
    r"|same|last|previous|first|other|responsible|qualified|competent|new)[\s-]+){0,5}"
)
_CERTAIN = r"(?:human(?:s| being)?|agents?|representatives?|reps?|operators?|supervisors?|managers?|advis[oe]rs?)"
_LOOSE = (
    r"(?:someone|somebody|persons?|people|staff(?: members?)?|associates?|specialists?"
    r"|members? of (?:your |the )?(?:staff|team|crew|support)|team(?: members?)?"
    r"|departments?|colleagues?|employees?|boss|owner|experts?|customer (?:service|support|care)|support|helpdesk|help desk|anyone|anybody)"
)
_ANYONE = rf"(?:{_CERTAIN}|{_LOOSE})"
_TALK = (
    r"(?:talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|conversation|discuss(?:ing)?|call)"
)
#: who is passed on is the shopper or their matter, not their points or their parcel
_MOVE = (
    r"(?:(?:connect|transfer|escalate?|switch|pass|forward|hand|patch|direct|redirect|refer|reconnect)(?:r?ed|r?ing|s|d)?|put)\b"
    r"(?: (?:me|us|i|we|this|it|that|the|my|our|your|you|over|through|back|straight|directly|on|up|off|across|now"
    r"|please|chat|call|case|issue|question|problem|complaint|conversation|ticket|request|query|matter)\b){0,5}"
)
_BOT = r"(?:(?:chat\s?)?bots?|robots?|machines?|computers?|ai|automat\w+ (?!e-?mails?|texts?|newsletters?|sms)\w+)"
_DEPARTMENT = (
    r"(?:billing|returns?|refunds?|shipping|warehouse|sales|accounts?|accounting|complaints?|finance|technical|tech|logistics|orders?)"
    r"(?: (?:departments?|dept|team|desk|people|guys|side|section|support))?\b(?! (?:address|status|policy|page|number|label))"
)

_LOOK_ALIKES = re.compile(
    r"\b(?:clean(?:ing|sing)?|bleach(?:ing)?|whitening|tanning|travel|estate|shipping|freight|delivery|customs"
    r"|insurance|booking|ticket|secret|double|special|undercover|free|foaming|thickening|raising|leavening"
    r"|anti-?\s?ag(?:e)?ing|aging|drying|bonding|wetting|chemical|active|oxidi[sz]ing|curing|coating"
    r"|flavou?ring|colou?ring|sizing|reducing|setting|softening|conditioning|preserv\w+|anti-?\s?\w*bacterial"
    r"|antimicrobial|release|blowing|gelling|sealing|polishing|user|ai|descaling|degreasing|deodori[sz]ing"
    r"|waterproofing|anti-?fog|anti-?static|fizzing|glazing|stain(?: removing)?|tenderi[sz]ing|nerve|letting|sales|local"
    r"|forwarding|purchasing|sourcing|buying|postal|courier|literary|talent|sports|parking|ticketing|thinning|cooling)[\s-]+agents?\b"
    r"|\bno (?:humans?|agents?|persons?|people|reps?) (?:needed|required|please|necessary)\b"
    r"|\b(?:authori[sz]ed|exclusive|official) (?:\w+ )?(?:agents?|representatives?|reps?)\b"
    r"|\b(?:toy |kitchen |pool )?robot(?:ic)?s? (?:vacuums?|hoovers?|mops?|costumes?|toys?|cleaners?|lawn ?mowers?|kits?|arms?)\b|\btoy robots?\b"
    r"|\bagents?(?:'s)? (?:fees?|commission|discount|price|code|orange|carter|provocateur|0*07|cooper|smith|47|of shield|based)\b"
    r"|\bhuman[\s-]+(?:hair|sized?|body|bones?|anatomy|rights|made|grade|faces?|skull|shape[d]?|figures?"
    r"|foods?|nature|race|error|touch|resources|eyes?|scale|like|beings? (?:hair|body))\b"
    r"|\b(?:per|one|two|three|four|five|six|\d+)[\s-]+persons?\b|\bpersonal\w*\b|\bin person\b"
    r"|\b(?:phone|tech|arch|back|neck|ankle|knee|lumbar|wrist|posture) support\b"
    r"|\b(?:file|task|package|password|device|window|project|store) managers? (?:app|mug|sticker|shirt|software|gift)\w*\b"
    r"|\b(?:file|task|package|password|device|window) managers?\b|\bmanager'?s? special\b"
    # told about an earlier talk, or about the shopper's own superior
    rf"|\b(?:talked|spoke|spoken|chatted|had (?:a |an )?(?:\w+ )?(?:call|chat|talk|conversation)) (?:to|with) {_ADJECTIVE}{_ANYONE}\b|\b(?:my|our) (?:manager|supervisor|boss)\b"
    rf"|\b{_CERTAIN}'?s? (?:manual|headset|nameplate|jobs?|vacanc\w+|salary|pay|commission)\b"
)

_IDENTITY = re.compile(
    r"\b(?:are|r) (?:you|u|there) (?:really )?(?:just )?(?:a |an )?(?:real |actual |live |human )*"
    r"(?:human(?: being)?|person|people|bots?|robots?|machine|ai|agent)\b(?! i can| that i can| who can| to (?:talk|speak))"
    r"(?: or (?:a |an )?(?:real |actual |live )*\w+)?"
    r"|\b(?:am i|are we|i am|i'm) (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:real |actual |live )*"
    r"(?:human|person|bot|robot|machine|ai|agent)\b(?: or (?:a |an )?(?:real |actual )?\w+)?"
    r"|\bis (?:this|that|it) (?:a |an )?(?:real |actual |live )*(?:human|person|bot|robot|machine|ai|agent)\b"
    r"(?: or (?:a |an )?(?:real |actual )?\w+)?"
    r"|\b(?:is there|is that|is it) (?:really |actually )?(?:a |an |any )?(?:real |actual |live )*(?:human|person|anyone|someone)"
    r" (?:typing|behind|writing|reading|answering)\b"
    r"|\b(?:is|are) there (?:really |actually )?(?:a |an |any )?(?:real |actual |live )*(?:humans?|persons?|people|someone)"
    r" (?:typing|behind|writing|reading|answering|in the|on the (?:photo|picture|other|model)|at the other)\b"
)

_REFUSED = re.compile(
    r"(?<!why )\b(?:don'?t|dont|do not|no need to|needn'?t|rather not|not|no need for|without|instead of) "
    r"(?:really )?(?:want|need|wish|like|transfer|connect|put|hand|pass|switch|(?:talk|speak|chat)(?:ing)?|waiting)?\b"
    rf"(?:(?!\bbots?\b|\brobots?\b|\bmachines?\b)[^.?!,;]){{0,24}}?{_CERTAIN}\b"
    # "please don't transfer me", "I'd rather not talk to anyone"
    r"|(?<!why )(?<!you )\b(?:don'?t|dont|do not|no need to|needn'?t|rather not|never|not)(?: (?:want|need|wish|have|like|going))?(?: you)?(?: to)?"
    r"(?: be)? (?:talk|speak|chat|transfer|connect|escalate|put|hand|pass|call)(?:r?ed|r?ing)?\b"
    rf"(?![^.?!,;]{{0,24}}\b{_BOT})(?: (?:me|this|it|us))?(?: (?:to|with|through|over|on))*(?: {_ADJECTIVE}{_ANYONE})?"
)

_CLEAR = re.compile(
    "|".join(
        (
            rf"\b{_TALK}\b[^.?!;]{{0,24}}?\b(?:to|with|over|through|by)\b(?: over to| to| me| us)? {_ADJECTIVE}{_ANYONE}\b",
            rf"\b{_MOVE} (?:to|with|over|through|by)\b(?: over to| to| with| me| us)? {_ADJECTIVE}{_ANYONE}\b",
            rf"\b(?:(?:talk|speak|chat)(?:ing)? (?:to|with)|(?:connect|transfer|pass|switch|put|hand) me (?:through |over )?(?:to|with|on to)) (?:the |your |someone in |somebody in |someone from |somebody from )*{_DEPARTMENT}",
            # a person, and no particular one
            r"\b(?:want|need|get me(?: to)?|give me|find me|send me|bring me) (?:a|an|one) (?:(?:real|live|actual|human|proper) )*person\b(?= *(?:[.!?,;]|$|to\b|who\b|now\b|please|pls|plz|not\b|instead|here\b|asap))",
            rf"\b(?:get|need|want|find|give|send|bring|fetch)(?: me)? {_ADJECTIVE}(?:someone|somebody|anyone|people|boss|owner)(?: (?:else|who|that|with)\b|\W*$)",
            r"\bif not,? (?:then |so |please |just )*(?:get|give|find|connect|transfer|put)\b",
            rf"\b(?:need|want|like|prefer|demand)\b[^.?!;]{{0,12}}\b(?:help|answers?|repl(?:y|ies)|assistance|support|response|call|callback) (?:from|by) {_ADJECTIVE}{_ANYONE}\b",
            # asked for in the manner of a thing
            rf"\b(?:can|could|may) i (?:please |just )?(?:have|get|see) {_ADJECTIVE}{_CERTAIN}\b(?!')|\b{_CERTAIN} (?:required|needed|wanted)\b|\bconnect {_ADJECTIVE}{_CERTAIN}\b",
            rf"\bi (?:said|asked for|typed|want(?:ed)?|requested) {_ADJECTIVE}{_CERTAIN}\b(?! (?:hair|body|size))|\bsend me to {_ADJECTIVE}{_ANYONE}\b"
            rf"|^\W*(?:(?:please|pls|just) )*(?:call|get|get me|fetch) {_ADJECTIVE}(?:{_CERTAIN}|customer (?:service|support|care)|support)\W*(?:please|pls|now)?\W*$",
            r"\bwho(?:m)? (?:do|can|should|could|must|would) i (?:need to |have to )?(?:talk|speak) (?:to|with)\b",
            rf"\b(?:forward|send|route|direct|pass|refer|take) (?:me|this|it|us) (?:on |over )?to (?:the |your )?{_DEPARTMENT}",
            r"^\W*(?:a )?human being,? (?:please|pls|plz|now)\b",
            r"\b(?:flesh[ -]and[ -]blood|living,? breathing)\b(?! (?:book|novel|dvd|game|album))",
            rf"\bcomplain(?:t|ing)? (?:to|with) (?:your |the |a ){_ADJECTIVE}{_CERTAIN}\b",
            r"\b(?:a )?(?:real|live|actual|human) (?:person|human|agent|being) (?:needs? to|has to|should|must|to)\b",
            rf"\blet {_ADJECTIVE}(?:{_CERTAIN}|(?:real |actual )?person|staff) (?!know)[a-z]+",
            rf"\b(?:do|have) you (?:have |got )?{_ADJECTIVE}(?:{_CERTAIN}|person|someone) (?:who|that|to|available|online|free|there|here)\b",
            rf"\b(?:can|could|would|will) {_ADJECTIVE}(?:{_CERTAIN}|(?:real |actual |live )person|a person|staff) (?:please |just )?(?:respond|reply|answer|help|assist)\b",
            r"\b(?:someone|somebody|a person|an agent|a human) (?:from|on|at|in) your (?:team|side|company|staff|support|store) (?:should|must|needs? to|has to|to)\b",
            rf"\b(?:get|take|let) me (?:out of|off|away from) (?:this|the) (?:\w+ )?{_BOT}\b",
            r"\b(?:get|find|bring) (?:me )?(?:someone|somebody) (?:from|to (?:help|talk|speak|call|look|fix|sort|deal|answer))\b",
            rf"\bif {_ADJECTIVE}{_ANYONE} (?:could|can|would|might)\b",
            rf"\b(?:button|key|option|word|command|type|press|say) (?:for|to get|to reach|to talk to|gets me|is for) {_ADJECTIVE}{_ANYONE}\b",
            # a clause of its own: "you're useless, human now"
            r"(?:^|[.!?,;:]) *(?:(?:just|please|pls|ok|so|a|an|the) )*(?:(?:real|live|actual) )*(?:human|person|people|agent|representative|rep|operator)s?(?: (?:now|please|pls|plz|only|instead|asap))+\W*$",
            r"[.!,;:] *(?:a |an )?(?:(?:real|live|actual) )*(?:human|agent|representative|operator|(?:real|live|actual) (?:person|people))[.! ]*$",
            rf"\b(?:contact|reach|phone)(?:ing)?\b (?:with )?{_ADJECTIVE}"
            rf"(?:{_CERTAIN}|someone|somebody|persons?|people|staff)\b",
            rf"\b(?:need|want|give me|get me|bring|find me|i'?d like|would like|let me have|send me|fetch|request(?:ing)?"
            rf"|require|looking for|demand|where(?:'s| is)|get) (?:me )?{_ADJECTIVE}{_CERTAIN}\b",
            rf"\b(?:need|want|give me|get me|find me|i'?d like|would like|prefer|only) {_ADJECTIVE}"
            r"(?:real|human|live|actual) (?:human |live )?(?:person|people|help|chat|support|assistance|service|being)\b",
            rf"\b(?:is|are) there (?:a |an |any |some |no )?(?:real |live |actual |human )*"
            rf"(?:{_CERTAIN}|person|people)\b(?! (?:inside|in the|on the)\b)",
            rf"^\W*(?:(?:yes|ok|hi|hello|please|pls|plz|just|now|a|an|the|to) )*(?:(?:real|actual|live|human|customer|service|support"
            rf"|care) )*(?:{_CERTAIN}|(?:real|live|actual|human) (?:person|chat|support|help)|customer (?:service|support|care)"
            r"|contact support|live chat|human help)(?:\W+(?:please|pls|plz|now|asap|agent|human))*\W*$",
            r"\b(?:no more|(?<!you're )(?<!are )not (?:a|this|another)|no|stop (?:the|this)|without) (?:stupid |damn |useless )?(?:chat\s?)?(?:bots?|robots?|machines?)\b",
            rf"\b(?:don'?t|dont|do not|hate|sick of|tired of|fed up with|done with|enough (?:of|with)|stop)\b[^.?!;]{{0,24}}\b{_BOT}\b",
            rf"\b(?:not|refuse to|refusing to|won'?t|will not|never) (?:be )?(?:talk|speak|chat|deal|discuss)\w* (?:this )?(?:to|with) (?:a |an |another |this |your |any )*{_BOT}\b",
            rf"\b(?:let|have|make) {_ADJECTIVE}{_ANYONE} (?:call|contact|help|answer|reply|email|reach|talk|speak|deal)\b",
            r"\bhuman (?:help|support|assistance|please|service)\b|\blive (?:agent|chat|person|support)\b|\breal (?:person|human) please\b",
            rf"\b(?:put|get|find|bring) {_ADJECTIVE}{_ANYONE} (?:on|here|to (?:the )?(?:phone|line|chat))\b"
            rf"|\b(?:get (?:a )?hold of|hook me up with|get through to|deal with) {_ADJECTIVE}(?:{_CERTAIN}|someone|somebody|real people)\b",
            # passed on, with or without saying to whom
            r"\b(?:pass|hand|transfer|switch|put|patch|move) me (?:on|over|off|across|through)\b(?! (?:the |your |a )?(?:mailing|waiting|wait|waitlist|list|newsletter|guest|pre))|\btransfer me\b"
            r"|\b(?:please|pls|plz|just) (?:escalate|transfer)\b(?! (?:my |the )?(?:points?|money|order|funds?|balance))|\bescalate (?:this|my|it|the)\b"
            r"|\b(?:can|could|would) (?:you|u|i|this) (?:please |be )*escalate[d]?\b|^\W*(?:escalate|transfer)(?: me| this| it)?(?: (?:please|pls|plz|now|asap))*\W*$"
            r"|\b(?:like|want|need|wish|ask|asking|asked) (?:you )?to (?:be )?(?:transferred|connected|escalated|put through|passed on)\b|\breconnect me\b",
            # somebody is to step in, not merely to know the answer
            rf"\b(?:can|could|would|will|may|need|want|get|have) {_ADJECTIVE}{_ANYONE}(?: (?:from|on|at|in) (?:(?:your|ur|the) )?[a-z]+(?: (?!take|look|call|ring|phone|contact|reach|get|handle|deal|talk|speak)[a-z]+)?)?"
            r"(?: please| just| actually| to)? (?:take (?:over|this|it|a look|care)|have a look|step in|look (?:at|into|over)|check (?:my|this|on|it|what)|call|ring|phone|contact|reach out"
            r"|get in touch|intervene|handle|deal|talk|speak|review)\b",
            r"\b(?:in touch|touch base) with (?:your|the|an?|some)\b[^.?!;]{0,20}\b(?:department|team|staff|person|human|agent|someone)\b",
            rf"\bany (?:other )?(?:real |live |actual )*(?:{_CERTAIN}|staff|people|persons?) (?:here|there|online|available|working|around|awake|alive|on duty|on shift|free)\b",
            r"\b(?:a|an) (?:real |actual |live )?(?:person|human|human being),? (?:i mean|please|pls|plz|not (?:a|this)|instead)\b",
            rf"\b(?:rather|better|prefer|only)\b[^.?!;]{{0,12}}\b(?:an? )?(?:real |live |actual )*(?:{_CERTAIN}|real person|live person|actual person)\b",
            r"\b(?:someone|somebody|anyone|anybody) (?:human|real|alive|with a pulse|in charge|with authority)\b|\bwho(?:ever)?(?:'s| is) in charge\b",
            r"^\W*(?:assistance|help)\W+(?:to |with )?(?:contact|talk|speak|chat)\w*\W+(?:to |with )?(?:an? )?(?:live )?agent\W*$",
        )
    )
)

_UNCLEAR = re.compile(
    rf"\b{_CERTAIN}\b|\breal (?:person|people)\b|\bcustomer (?:service|support|care)\b"
    r"|\b(?:anyone|anybody|someone|somebody) (?:there|here|alive|listening|help|to help)\b"
)

_SERVICE = r"(?:agents?|customer (?:service|support|care)|support|representatives?|reps?|live chat)"
_ABOUT_THE_SERVICE = re.compile(
    r"\b(?:hours|phone(?: number)?|telephone(?: number)?|number|e-?mail|address|open|close[sd]?|opening|when|what time|what days)\b"
    r"(?: (?:of|for|is|are|do|does|can|to|i|we|a|an|the|your|you|have|get|reach|call|contact|live|human|real|online|there)){0,6}"
    rf" {_SERVICE}\b"
    rf"|\b{_SERVICE}\b[^.?!;]{{0,14}}"
    r"\b(?:hours|phone|number|e-?mail|address|open|available (?:until|on|at)|opening|weekends?|sundays?|saturdays?|holidays?|work on)\b"
)

ENGLISH = AskingWords(
    identity=_IDENTITY,
    look_alikes=_LOOK_ALIKES,
    refused=_REFUSED,
    clear=_CLEAR,
    about_the_service=_ABOUT_THE_SERVICE,
    unclear=_UNCLEAR,
)
