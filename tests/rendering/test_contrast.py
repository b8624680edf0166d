"""How well words stand out, in letters as themes and mail editors write them."""

import pytest

from newsletter import rendering


@pytest.mark.parametrize(
    ("one", "other", "contrast"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#17497b", "#eef2f6", 8.2),
    ],
)
def test_contrast_is_measured_as_wcag_does(one, other, contrast):
    assert rendering.contrast(one, other) == pytest.approx(contrast, abs=0.05)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<p style="color:#999">Faint</p>', ["Faint"]),
        ('<p style="color:#767676">Enough</p>', []),
        ('<h1 style="color:#888;font-size:30px">Large</h1>', []),
        (
            '<td bgcolor="#17497b"><a style="color:#17497b">Hidden in its ground</a></td>',
            ["Hidden in its ground"],
        ),
        (
            '<div style="background:#000"><p style="background-color:rgb(255, 255, 255)">Dark on light</p></div>',
            [],
        ),
        ('<div style="color:#fff"><span style="color:black">Black</span><br>White</div>', ["White"]),
        ('<div style="display:none;color:#fff">The preheader</div>', []),
        ("<style>p { color: #fff }</style><!-- <p>comment</p> --><p>&nbsp;</p>", []),
        ('<p style="color:#aaa">One</p><p style="color:#aaaaaa">Same colours</p>', ["One"]),
    ],
)
def test_words_are_found_that_stand_out_too_little(html, words):
    assert [faint.words for faint in rendering.faint_words(html)] == words
