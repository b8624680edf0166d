"""The invented institute's words. Every name, address and number in them is made up."""

from datetime import date, datetime, time, timedelta

from newsletter.entries import Content, Day, Kind, Speaker, Text

TOKYO, LONDON = "Asia/Tokyo", "Europe/London"

PUBLICATION = {
    "names": {"en": "Minato Institute", "ja": "みなと研究所"},
    "taglines": {
        "en": "What Tokyo and London have to settle together",
        "ja": "東京とロンドンが共に決めるべきこと",
    },
    "introductions": {
        "en": "The Minato Institute studies security in the Asia-Pacific and brings the people who decide on it into one "
        "room. The Tokyo Letter tells you what is coming, what was said, and what we found.",
        "ja": "みなと研究所は、アジア太平洋の安全保障を研究し、その決定に携わる人々が語り合う場を設けています。"
        "「東京だより」では、これからの催し、語られたこと、研究の成果をお届けします。",
    },
    "postal_addresses": {
        "en": "Tokyo Office, Shimbashi, Minato-ku, Tokyo",
        "ja": "東京事務所 東京都港区新橋",
    },
    "sender_names": {"en": "Minato Institute", "ja": "みなと研究所"},
    "sender_email": "letter@example.org",
    "bounce_domain": "bounces.example.org",
    "contact_email": "office@example.org",
    "timezone": TOKYO,
    "languages": ("en", "ja"),
    "support": {
        "en": {
            "title": "Support our research",
            "text": "Our papers are free to read because members and friends pay for the work behind them. A gift of any "
            "size keeps a question open that nobody else is asking.",
            "button": "Ways to support us",
            "url": "https://www.example.org/support",
        },
        "ja": {
            "title": "研究をご支援ください",
            "text": "論考を無料でお届けできるのは、会員と支援者の皆さまのおかげです。"
            "ほかで問われることのない問いを、ご支援が支えています。",
            "button": "ご支援の方法",
            "url": "https://www.example.org/ja/support",
        },
    },
}

TOPICS = {
    "uk-japan": {"en": "UK–Japan co-operation", "ja": "日英協力"},
    "equipment": {"en": "Defence equipment", "ja": "防衛装備"},
    "cyber": {"en": "Cyber and terrorism", "ja": "サイバーとテロ"},
    "sea": {"en": "Law of the sea", "ja": "海洋法"},
    "peacekeeping": {"en": "Peacekeeping", "ja": "平和維持"},
}

LISTS = (
    (
        "tokyo-letter",
        {"en": "Tokyo Letter", "ja": "東京だより"},
        {
            "en": "Events, analysis and news. Monthly, on a Tuesday morning.",
            "ja": "催し、論考、お知らせ。毎月、火曜日の朝にお届けします。",
        },
    ),
    (
        "event-notices",
        {"en": "Event notices", "ja": "催しのご案内"},
        {
            "en": "When a new event opens for registration, and when one moves or is cancelled.",
            "ja": "新しい催しの受付が始まったとき、日時や会場が変わったときにお知らせします。",
        },
    ),
)

READERS = (
    ("dora@example.com", "Dora Whitfield", "en"),
    ("ewan@example.com", "Ewan Blackwood", "en"),
    ("emi@example.com", "江口 花子", "ja"),
    ("kenji@example.com", "森田 健司", "ja"),
    ("noor@example.com", "", "en"),
)


def contents(today: date) -> list[Content]:
    """Return the sample entries, dated around `today`."""
    return [_dialogue(today), _roundtable(today), _lecture(today), _past_evening(today), *_articles(today)]


def _tuesday_after(day: date) -> date:
    return day + timedelta(days=(1 - day.weekday()) % 7)


def _evening(day: date, zone_hours: int) -> datetime:
    """The last minute of a day, as an aware moment `zone_hours` ahead of UTC."""
    return datetime.fromisoformat(f"{day.isoformat()}T23:59:00+{zone_hours:02d}:00")


def _dialogue(today: date) -> Content:
    first = _tuesday_after(today + timedelta(days=30))
    speakers_en = (
        Speaker("Deputy Vice-Minister for Foreign Policy", "Ministry of Foreign Affairs, Japan"),
        Speaker("Chief of the Air Staff", "Royal Air Force"),
        Speaker("Director of International Studies", "Minato Institute, London"),
        Speaker("Head of Cyber Policy", "National Police Agency, Japan"),
    )
    speakers_ja = (
        Speaker("総合外交政策局長", "外務省"),
        Speaker("空軍参謀長", "英国空軍"),
        Speaker("国際研究部長", "みなと研究所(ロンドン)"),
        Speaker("サイバー政策担当", "警察庁"),
    )
    return Content(
        kind=Kind.EVENT,
        series="uk-japan-dialogue",
        topics=("uk-japan", "equipment", "cyber"),
        days=(Day(first, time(10), time(18)), Day(first + timedelta(days=1), time(9, 30), time(16, 30))),
        timezone=TOKYO,
        agenda_url="https://www.example.org/dialogue/agenda.pdf",
        register_url="https://www.example.org/dialogue/register",
        register_by=_evening(first - timedelta(days=11), 9),
        contact_email="dialogue@example.org",
        languages_spoken=("en", "ja"),
        texts={
            "en": Text(
                title="Thirteenth UK–Japan Security Dialogue",
                summary="Two days of talks between ministries, forces, industry and research on what the two countries can "
                "build, buy and defend together. With interpreting in both languages.",
                venue="International Conference Hall, First Members’ Building of the House of Representatives, Tokyo",
                language_note="English and Japanese, with simultaneous interpreting",
                contact_name="Conference secretariat",
                speakers=speakers_en,
                body_html="<p>Since the two governments signed their memorandum on defence co-operation in 2012, the "
                "question has moved from whether to work together to how. The Dialogue is where officials, officers, "
                "makers and scholars compare notes once a year, in public on the first day and behind closed doors on "
                "the second.</p><h2>On the table</h2><ul><li>Geopolitical risks that both countries face</li><li>Joint "
                "equipment: what is on time, what is not, and who may buy the result</li><li>New technology on the "
                "battlefield and forces that have to travel far</li><li>Threats that carry no flag</li></ul>",
            ),
            "ja": Text(
                title="第13回 日英安全保障対話",
                summary="海に囲まれた二つの国は、何を共に造り、何を共に守れるのか。実務を担う人々が、東京で二日間にわたり"
                "話し合います。同時通訳があります。",
                venue="衆議院第一議員会館 国際会議室(東京)",
                language_note="日本語・英語(同時通訳あり)",
                contact_name="会議事務局",
                speakers=speakers_ja,
                body_html="<p>2012年に両国政府が防衛協力の覚書を交わしてから、問いは「協力するかどうか」から「どう協力するか」"
                "へと移りました。この対話では、政府、部隊、産業界、研究者が年に一度集まり、一日目は公開で、二日目は非公開で"
                "意見を交わします。</p><h2>主な論点</h2><ul><li>両国に共通する地政学上のリスク</li><li>装備の共同開発――順調な"
                "もの、遅れているもの、そして輸出の可否</li><li>戦場の新しい技術と、遠方へ展開する部隊</li><li>国家によらない"
                "脅威</li></ul>",
            ),
        },
    )


def _roundtable(today: date) -> Content:
    day = today + timedelta(days=9)
    return Content(
        kind=Kind.EVENT,
        topics=("sea",),
        days=(Day(day, time(18, 30), time(20)),),
        timezone=TOKYO,
        online_url="https://www.example.org/live",
        register_url="https://www.example.org/roundtable",
        register_by=_evening(today - timedelta(days=1), 9),
        texts={
            "en": Text(
                title="Roundtable: who repairs a cut sea cable?",
                summary="Six people who lay, guard, insure and argue about cables, around one table.",
                venue="Tokyo office",
                online_place="Online",
            ),
            "ja": Text(
                title="円卓会議「海底ケーブルは誰が直すのか」",
                summary="敷設、警備、保険、交渉に携わる六人が一つの卓を囲みます。",
                venue="東京事務所",
                online_place="オンライン",
            ),
        },
    )


def _lecture(today: date) -> Content:
    day = today + timedelta(days=52)
    return Content(
        kind=Kind.EVENT,
        topics=("peacekeeping",),
        days=(Day(day, time(17), time(18, 30)),),
        timezone=LONDON,
        online_url="https://www.example.org/live",
        texts={
            "en": Text(
                title="Open lecture: armies that keep the peace",
                summary="What soldiers learn when they are sent to prevent a war rather than to win one.",
                venue="London office",
                online_place="Online",
                price="Free, no registration",
            ),
            "ja": Text(
                title="公開講演「平和を保つ部隊」",
                summary="戦争に勝つためではなく、防ぐために派遣された部隊は何を学ぶのか。",
                venue="ロンドン事務所",
                online_place="オンライン",
                price="無料、申込み不要",
            ),
        },
    )


def _past_evening(today: date) -> Content:
    day = today - timedelta(days=23)
    return Content(
        kind=Kind.EVENT,
        topics=("cyber",),
        days=(Day(day, time(18), time(20)),),
        timezone=TOKYO,
        texts={
            "en": Text(
                title="Ports under attack: a public evening on cyber defence",
                summary="A harbour master, an insurer and a hacker on the night the cranes stood still.",
                venue="Tokyo office",
            ),
            "ja": Text(
                title="狙われる港湾――サイバー防衛を考える夕べ",
                summary="港長、保険会社、ハッカーが、クレーンの止まった夜を語ります。",
                venue="東京事務所",
            ),
        },
    )


def _articles(today: date) -> list[Content]:
    def noon(days_ago: int) -> datetime:
        return datetime.fromisoformat(f"{(today - timedelta(days=days_ago)).isoformat()}T12:00:00+09:00")

    buying = Content(
        kind=Kind.ANALYSIS,
        topics=("equipment", "uk-japan"),
        dated=noon(10),
        texts={
            "en": Text(
                title="Buying together: what shared programmes do to procurement",
                summary="One large partner is simple. Two partners make a buyer think about what it wants.",
                authors="Minato Institute",
                body_html="<p>A country that buys from one large partner learns to ask what is on offer. A country that "
                "builds with an equal has to say first what it needs. That is slower, and it is the point.</p>",
            ),
            "ja": Text(
                title="共に買うということ",
                summary="共同事業は調達をどう変えるのか。相手が増えると、自らの望みを考えざるを得なくなります。",
                authors="みなと研究所",
                body_html="<p>大きな相手から買うとき、国は「何が手に入るか」を尋ねます。対等な相手と造るときには、まず自らの"
                "必要を語らなければなりません。時間はかかりますが、そこにこそ意味があります。</p>",
            ),
        },
    )
    fellowships = Content(
        kind=Kind.NEWS,
        topics=("uk-japan",),
        dated=noon(4),
        texts={
            "en": Text(
                title=f"Two fellowships for {today.year + 1}",
                summary="A year in Tokyo for a British scholar, a year in London for a Japanese one.",
                body_html="<p>Applications are open to scholars in their first ten years of research.</p>",
            )
        },
    )
    exercise = Content(
        kind=Kind.ANALYSIS,
        topics=("uk-japan", "equipment"),
        dated=noon(40),
        texts={
            "en": Text(
                title="After the summer exercises",
                summary="What two air forces learned from sharing one airfield.",
                body_html="<p>Fuel hoses, radio words and meal times: the small things that decide a joint sortie.</p>",
            ),
            "ja": Text(
                title="夏の共同訓練を終えて",
                summary="一つの飛行場を分かち合った二つの空軍は、何を学んだのか。",
                body_html="<p>給油の口金、無線の言い回し、食事の時刻。共同の出撃を決めるのは小さな事柄です。</p>",
            ),
        },
    )
    return [buying, fellowships, exercise]
