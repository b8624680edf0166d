"""A letter in English and in Japanese with one block of each kind, and a confirmation."""

from newsletter.mail import mark
from newsletter.rendering import (
    Button,
    Call,
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

SITE = "https://letters.example.org"
UNSUBSCRIBE = f"{SITE}/unsubscribe/{mark('token:unsubscribe')}"
PREFERENCES = f"{SITE}/preferences/{mark('token:preferences')}"
ARCS = Picture(f"{SITE}/images/arcs.png", "Two points above the sea, joined by three arcs", 1120, 400)

ENGLISH = Content(
    language="en",
    title="Tokyo Letter",
    kicker="No. 42 · 13 October 2026",
    subject="Three weeks left to register",
    preheader="The programme of the Dialogue is complete.",
    web=Link("Read on the web", f"{SITE}/issues/42?language=en"),
    blocks=(
        Text(
            f"<p>Dear {mark('name', 'reader')}, three weeks are left to register for this year’s Dialogue. The "
            "<a href='https://example.org/programme'>programme</a> is complete, and the second day starts half an hour "
            "earlier than we first wrote.</p>"
        ),
        EntryCard(
            kind_word="Event",
            title="Thirteenth UK–Japan Security Dialogue",
            url=f"{SITE}/entries/dialogue?language=en",
            summary="What two island nations can build, buy and defend together, discussed over two days by those who have "
            "to do it. Interpreting in both languages.",
            place="International Conference Hall, First Members’ Building of the House of Representatives, Tokyo",
            date=DateFigures("10–11", "", "November 2026, Tuesday and Wednesday"),
            button=Link("Register by Friday 30 October", f"{SITE}/register?a=1&b=2"),
            also=(
                Link("Agenda (PDF)", f"{SITE}/agenda.pdf"),
                Link("Add to calendar", f"{SITE}/entries/dialogue.ics"),
            ),
            picture=ARCS,
            layout="feature",
        ),
        Section(
            "Also coming",
            (
                EntryCard(
                    kind_word="Event",
                    title="Open lecture: armies that keep the peace",
                    url=f"{SITE}/entries/lecture",
                    summary="17:00 in London, online too; 2:00 on 3 December in Tokyo. Free.",
                    date=DateFigures("2", "", "December, Wed"),
                ),
            ),
        ),
        Section(
            "Analysis and news",
            (
                EntryCard(
                    kind_word="Analysis",
                    title="Buying together: what shared programmes do to procurement",
                    url=f"{SITE}/entries/buying",
                    summary="One large partner is simple. Two partners make a buyer think about what it wants.",
                ),
                EntryCard(
                    kind_word="News",
                    title="Two fellowships for 2027",
                    url=f"{SITE}/entries/fellowships",
                    summary="A year in Tokyo for a British scholar, a year in London for a Japanese one. "
                    "Apply by 16 November.",
                ),
                EntryCard(
                    kind_word="News",
                    title="新しい所員を迎えました",
                    url=f"{SITE}/entries/staff",
                    place="東京",
                    layout="line",
                    language="ja",
                    label="Japanese only",
                ),
            ),
        ),
        Heading("From the reading room"),
        Text(
            "<p>Two shelves are new:</p><ul><li>Coast guards, 1948 to today</li><li>Shipyards &amp; ports</li></ul>"
        ),
        Quote("An island is never far from anything that floats.", "Harbour proverb"),
        Divider(),
        Button(Link("Visit the reading room", "https://example.org/reading-room")),
        Call(
            "Support our research",
            "Our papers are free to read because members and friends pay for the work behind them.",
            Link("Ways to support us", "https://example.org/support"),
        ),
    ),
    footer=Footer(
        "You get this because you subscribed to the Tokyo Letter in March 2024.",
        (
            Link("Unsubscribe", UNSUBSCRIBE),
            Link("Change topics or language", PREFERENCES),
            Link("日本語で読む", f"{SITE}/issues/42?language=ja", "ja"),
        ),
        ("Minato Institute, Tokyo Office, Shimbashi, Minato-ku, Tokyo · office@example.org",),
    ),
)

JAPANESE = Content(
    language="ja",
    title="東京だより",
    kicker="第42号・2026年10月13日(火)",
    subject="お申込みは残り三週間です",
    preheader="対話のプログラムが確定しました。",
    web=Link("ウェブで読む", f"{SITE}/issues/42?language=ja"),
    blocks=(
        Text(
            f"<p>{mark('name', '読者')}様</p><p>今年の対話の申込みは、残り三週間となりました。<a href='https://example.org/p'>プログラム</a>が"
            "確定し、二日目の開始は当初のご案内より30分早まっています。</p>"
        ),
        EntryCard(
            kind_word="催し",
            title="第13回 日英安全保障対話",
            url=f"{SITE}/entries/dialogue?language=ja",
            summary="海に囲まれた二つの国は、何を共に造り、何を共に守れるのか。実務を担う人々が二日間話し合います。同時通訳があります。",
            place="衆議院第一議員会館 国際会議室(東京)",
            date=DateFigures("10–11", "日", "2026年11月(火・水)", "2026年11月10日(火)・11日(水)"),
            button=Link("10月30日(金)までに申し込む", f"{SITE}/register"),
            also=(
                Link("議事次第(PDF)", f"{SITE}/agenda.pdf"),
                Link("予定に追加", f"{SITE}/entries/dialogue.ics"),
            ),
            picture=Picture(f"{SITE}/images/arcs.png", "海の上の二つの点を三本の弧が結ぶ図", 1120, 400),
            layout="feature",
        ),
        Section(
            "今後の催し",
            (
                EntryCard(
                    kind_word="催し",
                    title="公開講演「平和を保つ部隊」",
                    url=f"{SITE}/entries/lecture",
                    summary="ロンドンで17:00(日本時間では3日(木) 2:00)開始。オンライン併用、無料です。",
                    date=DateFigures("2", "日", "12月(水)", "2026年12月2日(水)"),
                ),
            ),
        ),
        Section(
            "論考とお知らせ",
            (
                EntryCard(
                    kind_word="論考",
                    title="共に買うということ",
                    url=f"{SITE}/entries/buying",
                    summary="共同事業は調達をどう変えるのか。相手が増えると、自らの望みを考えざるを得なくなります。",
                ),
                EntryCard(
                    kind_word="お知らせ",
                    title="Two fellowships for 2027",
                    url=f"{SITE}/entries/fellowships",
                    summary="A year in Tokyo for a British scholar, a year in London for a Japanese one. Apply by 16 November.",
                    language="en",
                    label="英語のみ",
                ),
            ),
        ),
        Call(
            "研究をご支援ください",
            "論考を無料でお届けできるのは、会員と支援者の皆さまのおかげです。",
            Link("ご支援の方法", "https://example.org/support"),
        ),
    ),
    footer=Footer(
        "2024年3月に「東京だより」を購読された方へお送りしています。",
        (
            Link("購読を解除する", UNSUBSCRIBE),
            Link("話題や言語を変える", PREFERENCES),
            Link("Read in English", f"{SITE}/issues/42?language=en", "en"),
        ),
        ("みなと研究所 東京事務所 東京都港区新橋・office@example.org",),
    ),
)

CONFIRMATION = Content(
    language="en",
    title="Minato Institute",
    subject="Confirm your subscription to the Tokyo Letter",
    preheader="One click, and the next issue comes to you.",
    blocks=(
        Heading("Confirm your subscription"),
        Text(
            "<p>You, or somebody who typed your address, asked for the <b>Tokyo Letter</b>. Confirm it with one click.</p>"
        ),
        Button(Link("Confirm subscription", f"{SITE}/confirm/{mark('token:confirm')}")),
        Text(
            "<p>The link works for 7 days. If you did not ask for this, do nothing: you will not hear from us again.</p>"
        ),
    ),
    footer=Footer(
        "Sent because somebody entered this address at letters.example.org.", (), ("Minato Institute, Tokyo",)
    ),
)
