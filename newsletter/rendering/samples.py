"""A letter in each language with every kind of block in it: what galleries show, and what a theme must be able to set.

The organisation, its people and its events are invented.
"""

from collections.abc import Mapping

from newsletter.rendering.blocks import (
    Button,
    Call,
    Columns,
    Content,
    DateFigures,
    Divider,
    EntryCard,
    Footer,
    Heading,
    Link,
    Picture,
    Quote,
    Section,
    Text,
)

_SITE = "https://letters.example.org"
PICTURE = "https://www.example.org/arcs.png"


def samples(picture: str = PICTURE) -> Mapping[str, Content]:
    """Return the letters by language; `picture` is where a picture of 1120 by 400 pixels lies."""
    return {"en": _english(picture), "ja": _japanese(picture)}


def _english(picture: str) -> Content:
    arcs = Picture(picture, "Two points above the sea, joined by three arcs", 1120, 400)
    return Content(
        language="en",
        title="Tokyo Letter",
        kicker="No. 42 · 13 October 2026",
        subject="Three weeks left to register",
        preheader="The programme of the Dialogue is complete.",
        web=Link("Read on the web", f"{_SITE}/issues/42?language=en"),
        blocks=(
            Text(
                "<p>Three weeks are left to register for this year’s Dialogue. The "
                "<a href='https://www.example.org/programme'>programme</a> is complete, and the second day starts "
                "<strong>half an hour earlier</strong> than we first wrote.</p>"
            ),
            EntryCard(
                "Event",
                "Thirteenth UK–Japan Security Dialogue",
                f"{_SITE}/entries/dialogue",
                "What two island nations can build, buy and defend together, discussed over two days by those who have to "
                "do it. Interpreting in both languages.",
                "International Conference Hall, Tokyo",
                DateFigures("10–11", "", "November 2026, Tuesday and Wednesday"),
                ("9:30–17:00 both days",),
                Link("Register by Friday 30 October", f"{_SITE}/register"),
                (
                    Link("Agenda (PDF)", f"{_SITE}/agenda.pdf"),
                    Link("Add to calendar", f"{_SITE}/dialogue.ics"),
                ),
                arcs,
                "feature",
            ),
            Section(
                "Also coming",
                (
                    EntryCard(
                        "Event",
                        "Open lecture: armies that keep the peace",
                        f"{_SITE}/entries/lecture",
                        "17:00 in London, online too; 2:00 on 3 December in Tokyo. Free.",
                        date=DateFigures("2", "", "December, Wed"),
                        button=Link("Register", f"{_SITE}/register-lecture"),
                    ),
                    EntryCard(
                        "Event",
                        "若手研究者の集い",
                        f"{_SITE}/entries/young",
                        place="東京",
                        date=DateFigures("8", "", "December, Tue", "Tuesday 8 December 2026"),
                        layout="line",
                        language="ja",
                        label="Japanese only",
                    ),
                ),
            ),
            Section(
                "Analysis and news",
                (
                    EntryCard(
                        "Analysis",
                        "Buying together: what shared programmes do to procurement",
                        f"{_SITE}/entries/buying",
                        "One large partner is simple. Two partners make a buyer think about what it wants.",
                        picture=Picture(
                            picture, "Arcs above a quiet sea", 1120, 400, caption="Drawing: the institute"
                        ),
                    ),
                    EntryCard(
                        "News",
                        "Two fellowships for 2027",
                        f"{_SITE}/entries/fellowships",
                        "A year in Tokyo for a British scholar, a year in London for a Japanese one.",
                    ),
                ),
            ),
            Heading("From the reading room"),
            Text(
                "<p>Two shelves are new:</p><ul><li>Coast guards, 1948 to today</li><li>Shipyards &amp; ports</li></ul>"
                "<h3>When it is open</h3><table><tr><th>Day</th><th>Hours</th></tr><tr><td>Tuesday</td><td>10:00–18:00</td></tr>"
                "</table><blockquote><p>Bring a pencil.</p></blockquote>"
            ),
            Quote("An island is never far from anything that floats.", "Harbour proverb"),
            Columns(
                (Heading("In London", 3), Text("<p>The office moves to Bloomsbury in January.</p>"), arcs),
                (
                    Heading("In Tokyo", 3),
                    Text("<p>The library keeps longer hours until the Dialogue.</p>"),
                    Button(Link("See the hours", "https://www.example.org/hours")),
                ),
            ),
            Heading("In pictures", 3),
            Picture(picture, "Three arcs between two points", 1120, 400, caption="The sign of the Dialogue"),
            Divider(),
            Button(Link("Visit the reading room", "https://www.example.org/reading-room")),
            Call(
                "Support our research",
                "Our papers are free to read because members and friends pay for the work behind them.",
                Link("Ways to support us", "https://www.example.org/support"),
            ),
        ),
        footer=Footer(
            "You get this because you subscribed to Tokyo Letter.",
            (
                Link("Unsubscribe", f"{_SITE}/unsubscribe"),
                Link("Change topics or language", f"{_SITE}/preferences"),
                Link("日本語で読む", f"{_SITE}/issues/42?language=ja", "ja"),
            ),
            ("Minato Institute", "Shimbashi, Minato-ku, Tokyo", "office@example.org"),
        ),
    )


def _japanese(picture: str) -> Content:
    arcs = Picture(picture, "海の上の二つの点を三本の弧が結ぶ図", 1120, 400)
    return Content(
        language="ja",
        title="東京だより",
        kicker="第42号・2026年10月13日(火)",
        subject="お申込みは残り三週間です",
        preheader="対話のプログラムが確定しました。",
        web=Link("ウェブで読む", f"{_SITE}/issues/42?language=ja"),
        blocks=(
            Text(
                "<p>今年の対話の申込みは、残り三週間となりました。<a href='https://www.example.org/programme'>プログラム</a>が確定し、"
                "二日目の開始は当初のご案内より<strong>30分早まっています</strong>。</p>"
            ),
            EntryCard(
                "催し",
                "第13回 日英安全保障対話",
                f"{_SITE}/entries/dialogue",
                "海に囲まれた二つの国は、何を共に造り、何を共に守れるのか。実務を担う人々が二日間話し合います。同時通訳があります。",
                "衆議院第一議員会館 国際会議室(東京)",
                DateFigures("10–11", "日", "2026年11月(火・水)", "2026年11月10日(火)・11日(水)"),
                ("両日とも9:30〜17:00",),
                Link("10月30日(金)までに申し込む", f"{_SITE}/register"),
                (Link("議事次第(PDF)", f"{_SITE}/agenda.pdf"), Link("予定に追加", f"{_SITE}/dialogue.ics")),
                arcs,
                "feature",
            ),
            Section(
                "今後の催し",
                (
                    EntryCard(
                        "催し",
                        "公開講演「平和を保つ部隊」",
                        f"{_SITE}/entries/lecture",
                        "ロンドンで17:00(日本時間では3日(木) 2:00)開始。オンライン併用、無料です。",
                        date=DateFigures("2", "日", "12月(水)", "2026年12月2日(水)"),
                        button=Link("申し込む", f"{_SITE}/register-lecture"),
                    ),
                    EntryCard(
                        "催し",
                        "若手研究者の集い",
                        f"{_SITE}/entries/young",
                        place="東京",
                        date=DateFigures("8", "日", "12月(火)", "2026年12月8日(火)"),
                        layout="line",
                    ),
                ),
            ),
            Section(
                "論考とお知らせ",
                (
                    EntryCard(
                        "論考",
                        "共に買うということ",
                        f"{_SITE}/entries/buying",
                        "共同事業は調達をどう変えるのか。相手が増えると、自らの望みを考えざるを得なくなります。",
                        picture=Picture(picture, "静かな海の上の弧", 1120, 400, caption="図・研究所"),
                    ),
                    EntryCard(
                        "お知らせ",
                        "Two fellowships for 2027",
                        f"{_SITE}/entries/fellowships",
                        "A year in Tokyo for a British scholar, a year in London for a Japanese one.",
                        language="en",
                        label="英語のみ",
                    ),
                ),
            ),
            Heading("閲覧室から"),
            Text(
                "<p>二つの棚が加わりました。</p><ul><li>海上保安、1948年から今日まで</li><li>造船所と港</li></ul><h3>開室日</h3><table><tr>"
                "<th>曜日</th><th>時間</th></tr><tr><td>火曜日</td><td>10:00〜18:00</td></tr></table>"
                "<blockquote><p>鉛筆をご用意ください。</p></blockquote>"
            ),
            Quote("島は、浮かぶものから遠くない。", "港のことわざ"),
            Columns(
                (Heading("ロンドン", 3), Text("<p>事務所は1月にブルームズベリーへ移ります。</p>"), arcs),
                (
                    Heading("東京", 3),
                    Text("<p>対話の開催まで、図書室は開室時間を延長します。</p>"),
                    Button(Link("開室時間を見る", "https://www.example.org/hours")),
                ),
            ),
            Heading("図で見る", 3),
            Picture(picture, "二つの点を結ぶ三本の弧", 1120, 400, caption="対話のしるし"),
            Divider(),
            Button(Link("閲覧室を訪ねる", "https://www.example.org/reading-room")),
            Call(
                "研究をご支援ください",
                "論考を無料でお届けできるのは、会員と支援者の皆さまのおかげです。",
                Link("ご支援の方法", "https://www.example.org/support"),
            ),
        ),
        footer=Footer(
            "「東京だより」を購読された方へお送りしています。",
            (
                Link("購読を解除する", f"{_SITE}/unsubscribe"),
                Link("話題や言語を変える", f"{_SITE}/preferences"),
                Link("Read in English", f"{_SITE}/issues/42?language=en", "en"),
            ),
            ("みなと研究所", "東京都港区新橋", "office@example.org"),
        ),
    )
