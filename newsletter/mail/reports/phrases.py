"""What mail servers say, and what they mean by it.

Each phrase is a small pattern over words that were made plain before (see `wording`): lower case, single spaces, no addresses,
no hyphens, “does not” for “doesn’t”.
"""

import re

_WHO = (
    r"(?:user|recipient|mailbox|address|account|addressee|alias|login|username|customer|person|destination|adress|rcpt|receiver"
    r"|local ?part|userid|screen name|subscriber|maildrop|address(?:es)?|recipients|users|mailboxes)"
)
_IS_GONE = (
    r"(?:unknown|not found|not exist\w*|doesnt exist|non ?existent|not known|not recogni[sz]ed|not valid|invalid|not listed"
    r"|not active|inactive|not available|unavailable|not here|not present|disabled|deactivated|suspended?|discontinued|closed"
    r"|terminated|deleted|removed|no longer|undeliverable|expired|cancell?ed|locked|ceased|unroutable|not local|archived)"
)
_NO_GOOD = (
    r"(?:unknown|invalid|bad|illegal|non ?existent|inactive|disabled|deactivated|unroute?able|unrecogni[sz]ed|unresolvable"
    r"|undeliverable|incorrect|nonexist|expired|abandoned|archived)"
)


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


FULL = _any_of(
    r"quota",
    r"\bfull (?:mail)?box",
    r"(?:mailbox|mailfolder|inbox|account|maildrop|mail file|\bbox|folder|mail spool)(?: \S+){0,4} full\b",
    r"(?:exceed\w*|out of|over|beyond|exhausted|reached)(?: \w+){0,5} (?:storage|allocation|disk space|mailbox size|space limit|disk limit)",
    r"(?:mailbox|account|user)(?: \w+){0,4} (?:exceed\w*|over)(?: \w+){0,4} (?:size|limit|allowance|allocation|storage|space)",
    r"mailbox (?:size|storage)(?: limit)?(?: \w+){0,2} exceed",
    r"exceeding receiving limits",
    r"disk(?: \w+){0,2} full|disk space|diskquota",
    r"(?:not enough|insufficient|no|lacks?|not have enough)(?: \w+){0,3} (?:space|storage)\b",
    r"too many messages|too much mail data|space has been used up",
    r"(?:postfach|mailbox|speicher\w*)(?: \S+){0,4} (?:voll|überschritten)|bo[iî]te(?: \S+){0,5} pleine|buz[oó]n(?: \S+){0,4} lleno"
    r"|casella(?: \S+){0,4} piena|caixa(?: \S+){0,5} cheia|переполнен|przepełnion",
    r"容量.{0,8}(?:不足|超過|オーバー|超え)|いっぱい|一杯|已满|已滿|超出.{0,6}容量",
)
"""The mailbox is full."""

TOO_LARGE = _any_of(
    r"too (?:large|big)\b",
    r"(?:message|mail|email|content|body|attachment|data)(?: \S+){0,4} (?:exceeds|exceeded|larger than)",
    r"(?:message|maximum|max|mail|fixed|incoming) (?:\w+ )?size|size (?:limit|exceed)|exceeds (?:the )?(?:maximum|fixed|allowed|size)",
    r"サイズ.{0,12}(?:超|大き)|大きすぎ",
)
"""The message is larger than this server takes."""

SENDER = _any_of(
    r"sender (?:address |domain |host |verif\w+ |policy |ip )?(?:rejected|verify|verification|denied|refused|blocked|invalid|framework|not allowed"
    r"|not authori[sz]ed|domain|fail\w*|listed|blacklisted|banned|does not|could not|can not)",
    r"(?:invalid|unroutable|unknown|bad|blocked|forged|null|empty|envelope) sender",
    r"mail from (?:refused|rejected|denied|domain|your)|(?:bad|invalid|reject\w*) mail from|badmailfrom",
    r"\b(?:helo|ehlo)\b|client host (?:rejected|blocked|denied)|domain of sender",
    r"relay\w*(?: \S+){0,3} (?:denied|not permitted|not allowed|prohibited|refused|forbidden|not authori[sz]ed)",
    r"(?:unable to|not|will not|do not|does not) (?:to )?relay|as a relay|not a relay|open relay|relaying (?:to|mail|from)|rcpthosts",
    r"not authori[sz]ed|authentication (?:is )?(?:required|failed)|must (?:authenticate|issue a starttls|be authenticated)|starttls",
    r"\byour (?:ip|host|hostname|domain|server|mail server|email server|mta|network|isp|mailserver)\b",
    r"(?:spf|dkim|dmarc)\b|sender policy|reverse (?:dns|lookup|host)|\b(?:ptr|rdns|fcrdns)\b",
    r"backscatter|requires confirmation|members only|non member|not allowed to (?:send|post|mail)|permissions? to (?:send|submit)",
)
"""It was refused for how or by whom it was sent; what is said of a domain or an address is said of ours."""

TEMPORARY = _any_of(
    r"\btemp(?:o|e)rar",
    r"try (?:again|it again|your message again|sending again) (?:later|in|after)|(?:try|retry|come back) (?:again )?later",
    r"gr[ae]y ?list|\bdeferred\b|delivery attempts will continue|still trying|will (?:keep|continue) (?:to )?try\w*|under maintenance",
    r"しばらく.{0,12}(?:後|再)|一時的",
)
"""The server itself says that it will pass."""

NO_MAILBOX = _any_of(
    rf"\b{_WHO}\b(?::? \S+){{0,3}}?:? (?:is |was |are |were |has been |have been |does |currently )?{_IS_GONE}",
    rf"\b{_NO_GOOD} (?:\S+ ){{0,2}}?{_WHO}\b",
    rf"\bno such (?:\w+ ){{0,2}}?(?:{_WHO}|local)\b|\bno (?:valid |matching |active )?{_WHO}\b(?! (?:was|is|has been) (?:notified|specified))",
    rf"\bnot (?:a |an |our |one of our )?(?:valid |known |local |active |registered |current |existing )?{_WHO}\b",
    r"(?:do|does|did) not have an? (?:\S+ ){0,3}?(?:account|mailbox)|account by that name|not our customer|no one at this address",
    r"no longer (?:\w+ ){0,4}?(?:valid|active|employ\w*|available|works?|working|with|here|in use|at|on|accepts?|exists?|used|in service|subscribe\w*)",
    r"(?:not|nor|neither)(?: be)?(?: listed| found)? in (?:the |our |this |your )?(?:\w+ ){0,2}(?:directory|database|address ?book|table)",
    r"(?:can ?not|could not|unable to|failed to|not) (?:find|locate|identify|verify)(?: \w+){0,3} (?:user|mailbox|recipient|person|account|address|addressee)",
    r"(?:email |mail )?(?:address|account|name|user)(?: \S+){0,6} (?:could not|can ?not) be found|not be found",
    r"recip(?:ient)?notfound|nosuchuser|userunknown|unknownuser|badrcptto|bad recipient|mailboxnotfound",
    r"no matches to nameserver query|did not exactly match|there is no user|not have a final email delivery point|(?:recipient|rcpt) address rejected: access denied|is an unknown|unknown virtual user|unknown or illegal alias",
    r"(?:has|have) (?:moved|left|changed (?:his|her|their|email))|mailbox (?:has )?moved|recipient(?: \w+)? (?:has )?moved",
    r"(?:empf[aä]nger|adresse|benutzer|postfach|konto|teilnehmer)\S*(?: \S+){0,5} (?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt|g[uü]ltig)|ung[uü]ltig)"
    r"|unbekannte\w* (?:empf|benutz|adress)",
    r"n.existe pas|\binconnu|(?:adresse|utilisateur|destinataire)(?: \S+){0,4} (?:invalide|inexistant)|non recens",
    r"no existe\b|desconocid|inexistente|n[aã]o existe|desconhecid|destinat[aá]rio inv|inesistente|sconosciut|non esiste",
    r"nie istnieje|nieznan|niedost[eę]pn|bestaat niet|onbekend|не существует|не найден|неизвестн|нет такого",
    r"存在し(?:ない|ません)|宛先.{0,6}(?:不明|ありません|見つかりません)|ユーザー?.{0,8}(?:不明|見つかりません|いません)|該当.{0,12}ありません",
    r"不存在|无效.{0,4}(?:地址|收件人)|查无此|존재하지",
)
"""There is no such mailbox, or it was closed."""

NO_DOMAIN = _any_of(
    r"\b(?:host|domain)(?: name)?(?: \S+){0,2}? (?:unknown|not found|does not exist|not exist|invalid|no longer exists?|has expired|is dead|not registered|must exist)",
    r"(?:unknown|no such|illegal|invalid|bad|dead|non ?existent|nonexistent) (?:\w+ )?(?:host|domain|mail domain|destination system|system address)",
    r"name or service not known|nxdomain|null ?mx|\bno (?:valid )?mx\b|no (?:\w+ )?mail exchanger|no mx record|mail exchanger or ip",
    r"find any (?:host|mail)|(?:domain|host)(?: \S+)? (?:does|do) not accept (?:any )?(?:e?mail|messages)|unroute?able mail domain",
    r"(?:can ?not|could not|unable to) (?:resolve|look ?up|find)(?: \w+){0,2} (?:host|domain)|ドメイン.{0,8}(?:存在|見つかりません)",
)
"""The domain takes no mail, or does not exist."""

UNWANTED = _any_of(
    r"\bspam|\bspamm|\bjunk|unsolicited|bulk (?:mail|email)|\bube\b|\bphish|advertis",
    r"black ?list|block ?list|deny ?list|\b[rd]ns?bl\b|\brbl\b|\bdnsbl\b|spamhaus|spamcop|sorbs|barracuda|uribl|surbl|senderbase|senderscore",
    r"\bvirus|malware|infected|trojan|suspicious|banned|prohibited|forbidden|attachment|attached file|html (?:mail|content)",
    r"content (?:filter|reject|denied|restrict|scan|not accept)|message (?:content|filtered)|objectionable|unacceptable|inappropriate",
    r"policy|policies|reputation|\babuse|abusive|complaint|poor|listed (?:at|in|on|by)|\bblocked|blocking|\bban\b|denied by|local rules?",
    r"(?:message|mail|email|transmission|letter) (?:\w+ ){0,3}?(?:rejected|refused|blocked|denied|not accepted|discarded|was filtered)",
    r"(?:access|permission|connection) (?:is )?(?:denied|rejected|blocked)|administrat\w+ (?:prohibit|reject|den)|(?:rejected|refused) (?:by|due to|for|because)",
    r"not accept\w* (?:any )?(?:e?mail|messages|bulk)|only accept\w* (?:e?mail|messages)|refuses? (?:to )?(?:accept|receive|this|your)|recipient preferences|user rules?|user reject"
    r"|not pre approved|restricted|closed (?:the )?transmission|score|threshold|uri\b|\burl\b|recurrent pattern",
    r"迷惑メール|受信拒否|拒否され|垃圾",
)
"""A filter, or the reader, does not want the message."""

PASSING = _any_of(
    r"time ?d? ?out|timeout|connection (?:was )?(?:refused|reset|lost|dropped|closed|failed|died)|network(?: is)? unreachable|no route to host",
    r"host (?:is )?(?:down|unreachable|not reachable)|not reachable|(?:can ?not|could not|did not|unable to|not able to) (?:connect|contact|establish|open|reach the (?:\w+ )?(?:host|server))",
    r"too many (?:connections|recipients|hops|errors|concurrent|sessions|received)|rate ?limit|throttl|rate (?:control|exceed)|too fast",
    r"queue too long|retry (?:time|timeout|limit)|(?:message|delivery|mail|queue)(?: \w+){0,3} expired|maximum time expired|max\w* (?:queue|retr)",
    r"hosts? (?:\w+ ){0,3}(?:been failing|fail\w*)|\bloop|hop count|lowest numbered mx|best mx host|points? back",
    r"(?:system|server|service|host) (?:is |was )?(?:currently )?(?:busy|overload\w*|unavailable|not available|down|too busy|shutting)",
    r"(?:local|system|server|internal|software|configuration|mailer|processing|input/output|i/o|protocol) (?:\w+ )?(?:error|problem|failure)|misconfigur|resources",
    r"(?:malformed|unexpected) (?:or unexpected )?(?:name ?server|dns)|dns (?:error|fail|time|look|server)|name ?server (?:fail|timeout|reply)|servfail",
    r"child status|command (?:died|failed|output)|can ?not create|unable to (?:transfer|lock|open|write)|lock\w* (?:failed|mailbox)|in progress|not (?:been )?collected",
    r"unable to deliver after|giving up after|could not be delivered (?:for|within|after)|not (?:yet )?been delivered|no answer|does not answer|not respond",
)
"""A trouble on the way, which others have outlived."""
