"""What HTML says and shows, without being shown as HTML."""

import pytest

from crawlers.markup import classes_of, read_html, titled
from footprint.posts import MediaKind

BASE = "https://a.example/post/"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/><br/>Three", "One\nTwo\n\nThree"),
        ("<ul><li>a</li><li>b</li></ul>after", "a\nb\n\nafter"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("in <b>one</b><i>word</i>", "in oneword"),
        ("  much \n\t white&nbsp;space  ", "much white space"),
        ("&lt;b&gt; is text &amp; stays", "<b> is text & stays"),
        ("plain < text & no markup", "plain < text & no markup"),
        ("<script>x()</script>a<style>b{}</style><template>c</template><p hidden>d</p><form>e</form>", "a"),
        ('<img class="emoji" alt=":car:" src="/car.png"> on the road', ":car: on the road"),
        ("<!-- no -->yes<!-- no -->", "yes"),
        ("", ""),
    ],
)
def test_text_is_what_a_reader_sees(html: str, text: str) -> None:
    """Paragraphs, lines and entities become plain text; what is not shown is not said."""
    assert read_html(html, BASE).text == text


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<img src="a.jpg">', f"{BASE}a.jpg"),
        ('<img src="a.jpg" srcset="b.jpg 320w, c.jpg 1280w, d.jpg 640w">', f"{BASE}c.jpg"),
        ('<img src="a.jpg" srcset="b.jpg, c.jpg 2x">', f"{BASE}c.jpg"),
        (
            '<img srcset="https://cdn.example/w_300,h_200/b.jpg 1x, https://cdn.example/w_600,h_400/b.jpg 2x">',
            "https://cdn.example/w_600,h_400/b.jpg",
        ),
        ('<img src="data:image/gif;base64,AA" data-src="real.jpg">', f"{BASE}real.jpg"),
        ('<img src="a.jpg" srcset="javascript:x 9x, b.jpg 1x">', f"{BASE}b.jpg"),
        ('<a href="/full.PNG"><img src="thumb.jpg"></a>', "https://a.example/full.PNG"),
        ('<a href="/page"><img src="thumb.jpg"></a>', f"{BASE}thumb.jpg"),
    ],
)
def test_the_largest_version_of_a_picture_is_taken(html: str, url: str) -> None:
    """One picture is one medium: the original that a thumbnail links to, the largest candidate, the one that is loaded late."""
    assert [medium.url for medium in read_html(html, BASE).media] == [url]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="javascript:x">',
        '<img src="data:image/png;base64,AA">',
        '<img src="p.gif" width="1" height="1">',
        '<img src="me.png" class="avatar">',
        '<a href="https://elsewhere.example/theirs.jpg">link only</a>',
        "<img>",
        '<noscript><img src="twice.jpg"></noscript>',
    ],
)
def test_what_is_no_picture_of_the_post_is_no_medium(html: str) -> None:
    """Scripts, beacons, faces of users and other people's files are not fetched."""
    assert read_html(html, BASE).media == ()


def test_videos_and_sounds_are_taken_once() -> None:
    """Of the versions of a recording the first usable one is taken, with its still picture; what old browsers show is not."""
    html = '<video poster="p.jpg" title="Ride"><source src="blob:x"><source src="a.webm"><source src="a.mp4">old</video><audio src="s.ogg"></audio>'
    fragment = read_html(html, BASE)
    assert [(medium.url.removeprefix(BASE), medium.kind, medium.alt) for medium in fragment.media] == [
        ("a.webm", MediaKind.VIDEO, "Ride"),
        ("p.jpg", MediaKind.IMAGE, ""),
        ("s.ogg", MediaKind.AUDIO, ""),
    ]
    assert fragment.text == ""


def test_captions_belong_to_their_pictures() -> None:
    """A picture bears its own description and the caption of its figure, not of the next one."""
    html = '<figure><img src="a.jpg" alt="Car"><figcaption>On <i>Elm</i></figcaption></figure><figure><img src="b.jpg"></figure><img src="c.jpg" alt="C">'
    assert [medium.alt for medium in read_html(html, BASE).media] == ["Car\nOn Elm", "", "C"]


def test_links_lead_elsewhere() -> None:
    """Links and embedded players are absolute, each once; a link into the page itself is none."""
    html = '<a href="/x">a</a><a href="/x">b</a><a href="#top">c</a><a href="mailto:a@b.example">d</a><iframe src="//v.example/1"></iframe>'
    assert read_html(html, BASE).links == ("https://a.example/x", "https://v.example/1")


def test_skipped_elements_say_and_show_nothing() -> None:
    """What is marked as somebody else's stays out; the text after it stays in."""
    html = '<p>mine</p><aside class="quote"><p>theirs <img src="t.jpg"></p></aside>and mine'
    fragment = read_html(html, BASE, skip=lambda element: "quote" in classes_of(element))
    assert (fragment.text, fragment.media) == ("mine\n\nand mine", ())


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Parade", "Streets close.", "Parade\n\nStreets close."),
        ("The boats are out and…", "The boats are out and nobody is cold.", "The boats are out and nobody is cold."),
        ("", "Words", "Words"),
        ("Title", "", "Title"),
    ],
)
def test_a_title_is_said_once(title: str, text: str, expected: str) -> None:
    """A title stands above its text, unless it is no more than the beginning of it."""
    assert titled(title, text) == expected
