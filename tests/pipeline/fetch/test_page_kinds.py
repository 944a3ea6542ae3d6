"""Pages as the systems make them that sites of governments are run by, one of each kind: what is taken, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from pipeline.fetch.finding import DOCUMENT, NEXT, PAGE, candidates_of, what_scripts_lead_on_to
from pipeline.fetch.web_page import read_links

SITE = "http://czj.city.gov.cn"


@dataclass(frozen=True)
class Kind:
    """A page.

    Attributes:
        html: of it.
        takes: address, relative to the site, → what it is expected to be.
        at: where it lies.
    """

    html: str
    takes: dict[str, str] = field(default_factory=dict)
    at: str = "/xxgk/ys/index.html"


FOOT = '<div class="foot"><a href="http://www.other.gov.cn/">外交部</a><a href="http://slj.city.gov.cn/">市水利局</a></div>'

KINDS = {
    "a list of one system, its titles cut short, dates beside them, further pages by a call": Kind(
        """<html><head><title>部门预算_某市财政局</title><meta name="ColumnName" content="部门预算"></head><body>
        <div class="crumb"><a href="../../">首页</a>&gt;<a href="../">预决算公开</a></div><ul class="list">
        <li><a href="./202603/t20260302_101.html" title="某市教育局2026年部门预算公开">某市教育局2026年部门…</a><span>2026-03-02</span></li>
        <li><span>[2026-03-02]</span><a href="./202603/t20260302_102.html">某市档案馆2026年部门预算</a></li>
        <li><a href="./202603/t20260301_103.html">关于做好2026年部门预算公开工作的通知</a><span>2026-03-01</span></li></ul>
        <div class="page"><script>createPageHTML(3, 0, "index", "html");</script></div></body></html>""",
        {
            "/xxgk/ys/202603/t20260302_101.html": PAGE,
            "/xxgk/ys/202603/t20260302_102.html": PAGE,
            "/xxgk/ys/index_1.html": NEXT,
            "/xxgk/ys/index_2.html": NEXT,
        },
    ),
    "further pages by a call with the place to write to": Kind(
        """<title>部门预算公开</title><script>createPageHTML('paging_div',3, 1,'index','shtml',45);</script>""",
        {"/ys/index_2.shtml": NEXT, "/ys/index_3.shtml": NEXT},
        "/ys/index.shtml",
    ),
    "further pages by numbers that a script counts with": Kind(
        """<title>部门预算公开</title><ul><li><a href="t1.html">某局2026年部门预算</a></ul><script>
        var currentPage = 0;//所在页从0开始
        var countPage = 3//共多少页
        var nextPage = currentPage+1
        if(countPage>1&&currentPage!=(countPage-1))document.write("<a href=\\"index"+"_" + nextPage + "."+"htm\\">下一页</a>");
        </script>""",
        {"/ys/t1.html": PAGE, "/ys/index_1.htm": NEXT, "/ys/index_2.htm": NEXT},
        "/ys/index.htm",
    ),
    "a list as data of another system, a record each, further records at an address": Kind(
        """<title>部门预算</title><div id="251" class="default_pgContainer"></div><script type="text/xml"><datastore>
        <nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=12&columnid=251&unitid=9"></a>]]></nextgroup>
        <recordset>
        <record><![CDATA[<li><a href="/art/2026/3/2/art_251_7.html" title="某市教育局2026年部门预算">某市教育局…</a><b>2026-03-02</b>
        </li>]]></record>
        <record><![CDATA[<li><a href="/art/2026/3/2/art_251_8.html" title="某市某馆2026年单位预算公开">某市某馆2026…</a></li>]]></record>
        <record><![CDATA[<li><a href="/art/2026/3/2/art_251_9.html" title="某市2026年政府预算">某市2026年政府预算</a></li>]]></record>
        </recordset></datastore></script>""",
        {
            "/art/2026/3/2/art_251_7.html": PAGE,
            "/art/2026/3/2/art_251_8.html": PAGE,
            "/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=12&columnid=251&unitid=9": NEXT,
        },
        "/col/col251/index.html",
    ),
    "an attachment by a call of a function, one by another name of a file": Kind(
        """<title>某局2026年部门预算</title><p><a href="#" onclick="downFile('/upload/2026/0302/a1.pdf','附件1.pdf')">附件1</a></p>
        <p><a href="javascript:;" onclick='openFile("/upload/2026/0302/a2.xlsx")'>附件2 预算表</a></p>""",
        {"/upload/2026/0302/a1.pdf": DOCUMENT, "/upload/2026/0302/a2.xlsx": DOCUMENT},
    ),
    "an attachment whose form is told by its name alone": Kind(
        """<title>某局2026年部门预算</title><div class="fj"><p>附件：
        <a href="/cms/attachment/download.do?id=8821">某局2026年部门预算.pdf</a>
        </p><p><a href="/cms/attachment/8822">2026年预算公开表.xlsx</a></p></div>""",
        {"/cms/attachment/download.do?id=8821": DOCUMENT, "/cms/attachment/8822": DOCUMENT},
    ),
    "attachments as data in a script": Kind(
        r"""<title>某局2026年部门预算</title><div id="appendix"></div><script>
        var appendix = [{"name":"某局2026年部门预算.pdf","size":1024,"url":"\/files\/2026\/03\/a.pdf"},
                        {"name":"\u8868\u683c.xls","url":"http://czj.city.gov.cn/files/2026/03/b.xls"},
                        {"name":"说明图.png","url":"/files/2026/03/c.png"}];
        </script>""",
        {"/files/2026/03/a.pdf": DOCUMENT, "/files/2026/03/b.xls": DOCUMENT},
    ),
    "a document that a viewer in a frame shows": Kind(
        """<title>某局2026年部门预算</title><iframe src="/js/pdfjs/web/viewer.html?file=/files/2026/a.pdf"></iframe>""",
        {"/files/2026/a.pdf": DOCUMENT},
    ),
    "a document that a script shows": Kind(
        """<title>某局2026年部门预算</title><div id="pdf"></div><script>PDFObject.embed("/files/2026/a.pdf", "#pdf");</script>""",
        {"/files/2026/a.pdf": DOCUMENT},
    ),
    "a list in a frame": Kind(
        """<title>部门预算公开专栏</title><iframe src="list.html" width="100%"></iframe>""",
        {"/xxgk/ys/list.html": PAGE},
    ),
    "a set of frames": Kind(
        """<html><head><title>2026年部门预算公开</title></head><frameset rows="80,*"><frame src="top.html" name="top">
        <frame src="main.html" name="main"><noframes><body>需要框架</body></noframes></frameset></html>""",
        {"/xxgk/ys/top.html": PAGE, "/xxgk/ys/main.html": PAGE},
    ),
    "an article of a messenger": Kind(
        """<html><head><title></title><meta property="og:title" content="某局2026年部门预算公开"></head><body><h1 class="rich_media_title"
        id="activity-name"></h1><div class="rich_media_content" id="js_content"><p>点击查看：<a href="/f/1.pdf">预算公开表</a></p>
        <p><a href="http://czj.city.gov.cn/about.html">关注我们</a></p></div></body></html>""",
        {"/f/1.pdf": DOCUMENT},
        "/s/abc",
    ),
    "a table of offices, budget and final account in columns": Kind(
        f"""<title>某市预决算公开平台</title><table><tr><th>序号<th>部门<th>2026年预算<th>2024年决算</tr>
        <tr><td>1<td>市教育局<td><a href="a1.html">部门预算</a><td><a href="a2.html">部门决算</a></tr>
        <tr><td>2<td>市水利局<td><a href="b1.html">部门预算</a><td>—</tr></table>{FOOT}""",
        {"/xxgk/ys/a1.html": PAGE, "/xxgk/ys/a2.html": PAGE, "/xxgk/ys/b1.html": PAGE},
    ),
    "a table of offices whose links say no more than that there is something": Kind(
        f"""<title>某市2026年部门预算公开</title><table><tr><td>1<td>市教育局<td><a href="a.html">查看</a></tr>
        <tr><td>2<td>市水利局<td><a href="b.pdf">下载</a></tr></table>{FOOT}""",
        {"/xxgk/ys/a.html": PAGE, "/xxgk/ys/b.pdf": DOCUMENT},
    ),
    "a table of offices by years": Kind(
        """<title>部门预算公开</title><table><tr><td>市教育局<td><a href="a26.html">2026年</a>
        <td><a href="a25.html">2025年度</a></tr></table>""",
        {"/xxgk/ys/a26.html": PAGE, "/xxgk/ys/a25.html": PAGE},
    ),
    "offices to choose from": Kind(
        """<title>2026年部门预算公开</title><select onchange="location.href=this.value"><option>请选择</option>
        <option value="/bm/jyj.html">市教育局</option><option value="/bm/slj.html">市水利局</option></select>""",
        {"/bm/jyj.html": PAGE, "/bm/slj.html": PAGE},
    ),
    "rows that are links": Kind(
        """<title>2026年部门预算公开</title><ul><li onclick="window.open('t26.html')">某局2026年部门预算</li>
        <li onclick="location.href='t27.shtml'">某馆2026年单位预算</li></ul>""",
        {"/xxgk/ys/t26.html": PAGE, "/xxgk/ys/t27.shtml": PAGE},
    ),
    "a page that sends on": Kind(
        """<html><head><title>部门预算公开</title><meta http-equiv="Refresh" content="0;URL='./2026/index.html'"></head></html>""",
        {"/xxgk/ys/2026/index.html": PAGE},
    ),
    "a page that sends on by a script": Kind(
        """<html><head><title>部门预算公开</title><script>window.location.href = "./2026/index.html";</script></head>
        <body></body></html>""",
        {"/xxgk/ys/2026/index.html": PAGE},
    ),
    "links from a base": Kind(
        """<html><head><base href="/files/2026/"><title>某局2026年部门预算</title></head><body><a href="a.pdf">附件</a></body></html>""",
        {"/files/2026/a.pdf": DOCUMENT},
    ),
    "years in wide digits and in words": Kind(
        """<title>某局２０２６年部门预算</title><p><a href="a.pdf">某局２０２６年部门预算</a></p>
        <p><a href="b.pdf">某局２０１９年部门预算</a></p>
        <p><a href="c.pdf">某局二〇二六年部门预算</a></p><p><a href="d.pdf">某局二○一九年部门预算</a></p>""",
        {"/xxgk/ys/a.pdf": DOCUMENT, "/xxgk/ys/c.pdf": DOCUMENT},
    ),
    "an article between its neighbours": Kind(
        """<title>某局2026年部门预算</title><div class="article"><p><a href="a.pdf">附件</a></p></div>
        <p>上一篇：<a href="t1.html">某局2025年部门预算</a></p><p>下一篇：<a href="t2.html">某局招聘公告</a></p>""",
        {"/xxgk/ys/a.pdf": DOCUMENT},
    ),
    "budgets of the whole government among those of departments": Kind(
        """<title>财政预决算</title><ul><li><a href="a.html">某市2026年政府预算公开</a></li>
        <li><a href="b.html">2026年市级财政预算草案</a></li>
        <li><a href="c.html">某镇2026年政府预算</a></li><li><a href="d.html">关于某市2025年预算执行情况和2026年预算草案的报告</a></li>
        <li><a href="e.html">2026年市级部门预算公开汇总</a></li><li><a href="f.html">某市2026年政府债务限额</a></li>
        <li><a href="g.html">某街道办事处2026年部门预算</a></li><li><a href="h.html">某市2026年国有资本经营预算</a></li></ul>""",
        {"/xxgk/ys/e.html": PAGE, "/xxgk/ys/g.html": PAGE},
    ),
    "units of a department below its own budget": Kind(
        """<title>某市教育局2026年部门预算公开</title><div class="TRS_Editor"><p><a href="a.pdf">某市教育局2026年部门预算</a></p>
        <p>所属单位：</p><p><a href="/z/1.html">某市第一中学</a></p><p><a href="/z/2.html">某市实验幼儿园</a></p>
        <p><a href="/z/3.pdf">某市特殊教育学校</a></p><p><a href="/z/4.html">某市图书馆2026年单位预算</a></p>
        <p><a href="/z/5.html">某市妇幼保健院</a></p></div>""",
        {
            "/xxgk/ys/a.pdf": DOCUMENT,
            "/z/1.html": PAGE,
            "/z/2.html": PAGE,
            "/z/3.pdf": DOCUMENT,
            "/z/4.html": PAGE,
            "/z/5.html": PAGE,
        },
    ),
    "archives": Kind(
        """<title>通知公告</title><p><a href="a.zip">2026年部门预算公开.zip</a></p>
        <p><a href="b.rar">某局2026年部门预算（含下属单位）</a></p>""",
        {"/xxgk/ys/a.zip": DOCUMENT, "/xxgk/ys/b.rar": DOCUMENT},
    ),
    "a picture that says what it leads to": Kind(
        """<title>某市某局</title><a href="/zt/ys2026/"><img src="banner.jpg" alt="2026年部门预算公开专栏"></a>
        <a href="/zt/x/"><img src="y.jpg"></a>""",
        {"/zt/ys2026/": PAGE},
    ),
    "pages of a list by a number behind the question mark": Kind(
        """<title>部门预算公开</title><ul><li><a href="show.jsp?id=9">某局2026年部门预算</a></ul><a href="list.jsp?cid=3&page=2">2</a>
        <a href="list.jsp?cid=3&page=2">下一页 &gt;</a><a href="list.jsp?cid=3&page=9">尾页</a>""",
        {"/ys/show.jsp?id=9": PAGE, "/ys/list.jsp?cid=3&page=2": NEXT},
        "/ys/list.jsp?cid=3",
    ),
}


def test_a_list_that_goes_on_by_a_script_alone_is_said_to() -> None:
    row = '<ul><li><a href="t1.html">某局2026年部门预算</a></ul>'
    for click, said in (
        ('<a href="javascript:turn(2)">下一页</a>', True),
        ('<a href="i_2.html">下一页</a>', False),
        ("<a>下一页</a>", False),
    ):
        page = read_links(f"<title>部门预算公开</title>{row}{click}".encode(), SITE + "/i.html")
        assert bool(what_scripts_lead_on_to(page, candidates_of(page))) is said


def test_what_a_script_would_ask_for_is_read_as_a_list() -> None:
    data = {
        "articles": [
            {"id": 1, "title": "某局2026年部门预算", "url": f"{SITE}/a/1.html", "author": {"name": "某局"}},
            {"title": "招聘", "url": "/2.html"},
        ]
    }
    page = read_links(json.dumps(data).encode(), SITE + "/api/all/254?page=1")
    assert {c.link.address: c.expects for c in candidates_of(page) if c.taken} == {f"{SITE}/a/1.html": PAGE}
    deep = read_links(b"[" * 100_000, SITE + "/api")
    assert deep.links == ()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_of_each_kind_of_page_what_a_person_would_go_on_to_is_taken(kind: Kind) -> None:
    page = read_links(kind.html.encode(), SITE + kind.at)
    assert {c.link.address.removeprefix(SITE): c.expects for c in candidates_of(page) if c.taken} == kind.takes
