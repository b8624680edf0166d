"""What programs put on the clipboard, written in their manner: the HTML, and what the editor makes of it."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;} @list l0:level1 {mso-level-number-format:bullet;} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1><a name="_Toc1"></a><span style='mso-ansi-language:EN-US'>The <b>Dialogue</b> in Tokyo<o:p></o:p></span></h1>
<p class=MsoNormal style='margin-bottom:8pt'><span lang=EN-US style='font-size:11.0pt'>Two days on <b style='mso-bidi-font-weight:normal'>sea
cables</b>, read <i>slowly</i> at <a href="https://www.example.org/agenda?utm_source=letter&amp;gclid=abc#day2"><span style='color:blue'>the agenda</span></a>.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal>Doors open at <del cite="mailto:Bob" datetime="2026-10-01T10:00"><span style='mso-bidi-font-size:11.0pt'>nine</span></del><ins cite="mailto:Bob" datetime="2026-10-01T10:00">ten</ins><span class=MsoCommentReference><span style='font-size:8.0pt'><a class=msocomanchor id="_anchor_1" href="#_msocom_1" name="_msoanchor_1">[B1]</a></span></span>.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><sup>[1]</sup></a></p>
<h2>Who speaks</h2>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Dora Example</p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>on harbours</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Emi Example</p>
<h3>How to come</h3>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>3.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Register</p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>4.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Arrive</p>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="p1"><v:imagedata src="file:///C:/clip_image001.png"/></v:shape><![endif]--><![if !vml]><img width=300 height=200 src="file:///C:/Users/bob/clip_image001.png" v:shapes="p1"><![endif]></p>
<p class=MsoNormal style='display:none;mso-hide:all'>A secret</p>
<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>Is ten right?</p></div></div>
<!--EndFragment--></body></html>"""

FROM_WORD = (
    "<h2>The Dialogue in Tokyo</h2>"
    "<p>Two days on <strong>sea cables</strong>, read <em>slowly</em> at "
    '<a href="https://www.example.org/agenda?utm_source=letter#day2">the agenda</a>.</p>'
    "<p>Doors open at ten.<sup>[1]</sup></p>"
    "<h3>Who speaks</h3><ul><li>Dora Example<ul><li>on harbours</li></ul></li><li>Emi Example</li></ul>"
    '<h3>How to come</h3><ol start="3"><li>Register</li><li>Arrive</li></ol>'
)

WORD_ONLINE = """<div class="OutlineElement Ltr"><p class="Paragraph" role="heading" aria-level="1"><span class="TextRun"><span class="NormalTextRun">Speakers</span></span><span class="EOP">&nbsp;</span></p></div>
<div class="ListContainerWrapper"><ol class="NumberListStyle1" role="list" start="1"><li data-leveltext="%1." data-aria-level="1" role="listitem"><p class="Paragraph"><span class="TextRun">Dora</span></p></li></ol></div>
<div class="ListContainerWrapper"><ol class="NumberListStyle2" role="list" start="1"><li data-leveltext="%2." data-aria-level="2" role="listitem"><p class="Paragraph"><span class="TextRun">Harbours</span></p></li></ol></div>
<div class="ListContainerWrapper"><ol class="NumberListStyle1" role="list" start="2"><li data-leveltext="%1." data-aria-level="1" role="listitem"><p class="Paragraph"><span class="TextRun">Emi</span></p></li></ol></div>"""

FROM_WORD_ONLINE = "<h2>Speakers</h2><ol><li>Dora<ol><li>Harbours</li></ol></li><li>Emi</li></ol>"

GOOGLE_DOCS = """<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-7f1e">
<h2 dir="ltr" style="line-height:1.38;"><span style="font-size:16pt;font-weight:400;">ご案内</span></h2>
<p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-family:Arial;font-weight:400;font-style:normal;white-space:pre-wrap;">海底ケーブルは</span><span style="font-weight:700;font-style:normal;">誰が直す</span><span style="font-weight:400;font-style:italic;">のか</span><a href="https://www.google.com/url?q=https://www.example.org/cables&amp;sa=D&amp;ust=1"><span style="text-decoration:underline;">詳しく</span></a></p><br />
<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">一つ</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span>その下</span></p></li></ul><li aria-level="1"><p><span>二つ</span></p></li></ul>
<p><span style="border:none;display:inline-block;width:602px"><img src="https://lh7-rt.googleusercontent.com/docsz/AD_4" width="602" height="338" alt="A bridge"></span></p></b>"""

FROM_GOOGLE_DOCS = (
    "<h2>ご案内</h2>"
    '<p>海底ケーブルは<strong>誰が直す</strong><em>のか</em><a href="https://www.example.org/cables">詳しく</a></p>'
    "<ul><li>一つ<ul><li>その下</li></ul></li><li>二つ</li></ul>"
)

OUTLOOK = """<html><head><style>p.MsoNormal{margin:0}</style></head><body lang="EN-GB" link="#0563C1"><div class="WordSection1">
<p class="MsoNormal"><span style="font-family:&quot;Segoe UI Emoji&quot;">Dear all <img alt="😀" src="cid:emoji" width="20" height="20"></span><o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<p class="MsoNormal">Read <a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2Fa%3Fb%3D1&amp;data=05%7C02&amp;reserved=0">this</a>.<br><br>Kind regards<br>Bob</p>
<table border="0" cellpadding="0"><tbody><tr><td><p class="MsoNormal">Tokyo office</p></td></tr></tbody></table><img src="https://track.example.com/o.gif" width="1" height="1"></div></body></html>"""

FROM_OUTLOOK = (
    '<p>Dear all 😀</p><p>Read <a href="https://www.example.org/a?b=1">this</a>.</p>'
    "<p>Kind regards<br>Bob</p><p>Tokyo office</p>"
)

SPREADSHEET = """<google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}--></style><table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" dir="ltr" border="1" style="table-layout:fixed;font-size:10pt"><colgroup><col width="100"/><col width="100"/><col width="100"/></colgroup><tbody>
<tr style="height:21px;"><th style="font-weight:bold;" data-sheets-value="{}">Time</th><th>Who</th><td></td></tr>
<tr><td style="text-align:right;" data-sheets-numberformat="{}">10:00</td><td style="font-weight:bold;">Dora</td><td></td></tr><tr><td></td><td></td><td></td></tr>
<tr><td colspan="2">Lunch &amp; talk</td><td></td></tr></tbody></table></google-sheets-html-origin>"""

FROM_SPREADSHEET = (
    "<table><tbody><tr><th>Time</th><th>Who</th></tr><tr><td>10:00</td><td><strong>Dora</strong></td></tr>"
    '<tr><td colspan="2">Lunch &amp; talk</td></tr></tbody></table>'
)

WEB_PAGE = """<div class="article" onclick="alert(1)"><nav hidden>Menu</nav><h3 class="t">A title</h3><h5>Below it</h5><script>alert(1)</script><svg onload="alert(1)"><text>x</text></svg>
<div><a href="javascript:alert(1)">Not here</a> and <a href="/relative">not there</a>, but <a href="https://www.example.org/x?fbclid=1&amp;id=7" target="_blank" onclick="x()"><div>here</div></a></div>
<style>p{}</style><p style="position:fixed;font-weight:600">Loud</p><iframe src="https://example.com"></iframe><p>CO<sub>2</sub> and <s>old</s> <ruby>漢<rp>(</rp><rt>かん</rt></ruby></p>
<img src="data:image/png;base64,iVBORw0KGgo=" width="640" height="480"><p>・一つ目</p><p>・二つ目</p><math><mtext><img src=x onerror=alert(1)></mtext></math></div>"""

FROM_WEB_PAGE = (
    '<h2>A title</h2><h3>Below it</h3><p>Not here and not there, but</p><p><a href="https://www.example.org/x?id=7">here</a></p>'
    "<p><strong>Loud</strong></p><p>CO<sub>2</sub> and <s>old</s> 漢（かん）</p><ul><li>一つ目</li><li>二つ目</li></ul>"
)

CLIPBOARDS = {
    "word": (WORD, FROM_WORD, True),
    "word-online": (WORD_ONLINE, FROM_WORD_ONLINE, False),
    "google-docs": (GOOGLE_DOCS, FROM_GOOGLE_DOCS, True),
    "outlook": (OUTLOOK, FROM_OUTLOOK, False),
    "spreadsheet": (SPREADSHEET, FROM_SPREADSHEET, False),
    "web-page": (WEB_PAGE, FROM_WEB_PAGE, True),
}
"""Each with what becomes of it, and whether a picture is left out."""
