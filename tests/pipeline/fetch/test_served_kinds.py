"""Pages in structures of further systems, served on loopback and read by a fetch: what is taken of each, and nothing else.

What of each is to be taken was written down before the program was asked. Structures that were right from the start stand here too.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from pipeline.fetch.fetching import fetch
from pipeline.fetch.finding import DOCUMENT, NEXT, PAGE
from pipeline.fetch.job import Event, Job, PageSeen, Seed
from tests.pipeline.fetch.sites import served


@dataclass(frozen=True)
class Kind:
    """A page.

    Attributes:
        html: of it; `HOST` stands for its host and port.
        takes: address, relative to the site, → what it is expected to be.
        at: where it lies.
        encoding: of its bytes, which no header tells.
        may: addresses that may be taken too.
        by_script: whether only scripts show what it lists, which must be said.
    """

    html: str
    takes: dict[str, str] = field(default_factory=dict)
    at: str = "/xxgk/ys/index.html"
    encoding: str = "utf-8"
    may: frozenset[str] = frozenset()
    by_script: bool = False


KINDS = {
    "vsb list, pages counted downwards": Kind(
        """<html><head><title>预决算公开-某市水利局</title></head><body><div class="nav"><a href="index.htm">首页</a>
<a href="zzjg.htm">组织机构</a></div>
<ul class="list"><li id="line_u8_0"><a href="info/1028/3838.htm" title="某市水利局2026年部门预算">某市水利局2026年部门预算</a>
<span>2026-03-02</span></li>
<li id="line_u8_1"><a href="info/1028/3701.htm" title="某市水利局2024年度部门决算">某市水利局2024年度部门决算</a><span>2025-09-12</span>
</li>
<li id="line_u8_2"><a href="info/1028/3699.htm">某市水利局2026年政府采购意向公开</a></li></ul>
<div class="pb_sys_common"><span class="p_t">共3页</span><span class="p_no_d">1</span><span class="p_no"><a href="yjsgk/2.htm">2</a>
</span><span class="p_no"><a href="yjsgk/1.htm">3</a></span>
<span class="p_next p_fun"><a href="yjsgk/2.htm">下页</a></span><span class="p_last p_fun"><a href="yjsgk/1.htm">尾页</a></span></div>
</body></html>""",
        {"/info/1028/3838.htm": PAGE, "/info/1028/3701.htm": PAGE, "/yjsgk/2.htm": NEXT},
        "/yjsgk.htm",
        may=frozenset({"/yjsgk/1.htm"}),
    ),
    "vsb article, pdf by a call, attachments by number": Kind(
        """<html><head><title>某市水利局2026年部门预算-某市水利局</title></head><body><h2>某市水利局2026年部门预算</h2>
<div id="vsb_content"><div class="v_news_content">
<p class="vsbcontent_start"><script type="text/javascript">showVsbpdfIframe("/__local/2/B2/29/8E21DC87D34_A261.pdf","100%","600",
"");</script></p></div></div>
<p>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=1020&amp;wbfileid=7788"
 target="_blank">某市水利局2026年部门预算公开表.xlsx</a>】已下载<span id="nattach7788">12</span>次</p>
<p>上一条：<a href="3830.htm">关于汛期值班的通知</a></p></body></html>""",
        {
            "/__local/2/B2/29/8E21DC87D34_A261.pdf": DOCUMENT,
            "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1020&wbfileid=7788": DOCUMENT,
        },
        "/info/1028/3838.htm",
    ),
    "jcms download": Kind(
        """<html><head><title>某市教育局2026年部门预算</title><meta name="ArticleTitle" content="某市教育局2026年部门预算"></head><body>
<div id="zoom"><p>
<a href="/module/download/downfile.jsp?classid=0&amp;showname=%E9%99%84%E4%BB%B61.pdf&amp;filename=0e71703f4538412d.pdf">
<img src="/module/jslib/icons/pdf.png" border="0">附件1.pdf</a></p>
<p><a href="/module/download/downfile.jsp?classid=0&amp;filename=49ca088112224d33.xls">点击下载</a></p></div></body></html>""",
        {
            "/module/download/downfile.jsp?classid=0&showname=%E9%99%84%E4%BB%B61.pdf&filename=0e71703f4538412d.pdf": DOCUMENT,
            "/module/download/downfile.jsp?classid=0&filename=49ca088112224d33.xls": DOCUMENT,
        },
        "/art/2026/3/2/art_251_7.html",
    ),
    "attachments written by a script as markup": Kind(
        """<html><head><title>某局2026年部门预算</title></head><body><div class="TRS_Editor">现将预算公开如下。</div><div id="fjxz">
</div><script>
var fj = '<a href="./P020260302346748437806.pdf" oldsrc="/protect/a.pdf">某局2026年部门预算</a><br>';
if (fj != '') { document.getElementById("fjxz").innerHTML = "附件：" + fj; }</script></body></html>""",
        {"/xxgk/ys/202603/P020260302346748437806.pdf": DOCUMENT},
        "/xxgk/ys/202603/t20260302_1.html",
    ),
    "name in one cell, picture to click in another, files two folders up": Kind(
        """<html><head><title>2026年市级部门预算公开</title></head><body><table><tr><th>序号</th><th>文件名称</th><th>大小</th>
<th>下载</th></tr>
<tr><td>1</td><td>市教育局2026年部门预算.pdf</td><td>1.2M</td><td><a href="../../attach/0/2603021.pdf"><img src="/images/down.gif"></a>
</td></tr>
<tr><td>2</td><td>市水利局2026年部门预算.pdf</td><td>0.9M</td><td><a href="../../attach/0/2603022.pdf"><img src="/images/down.gif"></a>
</td></tr>
<tr><td>3</td><td>市级政府预算公开.pdf</td><td>3.1M</td><td><a href="../../attach/0/2603023.pdf"><img src="/images/down.gif"></a></td>
</tr></table></body></html>""",
        {"/attach/0/2603021.pdf": DOCUMENT, "/attach/0/2603022.pdf": DOCUMENT},
    ),
    "old asp site in gb2312, nested tables": Kind(
        """<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312"><TITLE>某县财政局--预决算公开</TITLE></HEAD>
<BODY><TABLE><TR><TD><TABLE>
<TR><TD><IMG src="dot.gif"> <A HREF='shownews.asp?id=1201' TARGET=_blank><FONT color=#333333>某县教育局２０２６年部门预算</FONT></A>
</TD><TD>2026-3-2</TD></TR>
<TR><TD><IMG src="dot.gif"> <A HREF=shownews.asp?id=1202 TARGET=_blank><FONT>某镇人民政府2026年部门预算公开</FONT></A></TD>
<TD>2026-3-2</TD></TR>
<TR><TD><A HREF=shownews.asp?id=1203>2026年春节放假通知</A></TD></TR></TABLE></TD></TR></TABLE>
<A HREF="list.asp?class=12&page=1">首页</A> <A HREF="list.asp?class=12&page=2">下一页</A> <A HREF="list.asp?class=12&page=4">末页</A>
</BODY></HTML>""",
        {"/list/shownews.asp?id=1201": PAGE, "/list/shownews.asp?id=1202": PAGE, "/list/list.asp?class=12&page=2": NEXT},
        "/list/list.asp?class=12",
        encoding="gbk",
    ),
    "pdf as object and embed": Kind(
        """<html><head><title>某局2026年部门预算</title></head><body>
<object data="./files/20260302a.pdf" type="application/pdf" width="100%"><p>您的浏览器不支持</p></object>
<embed src="./files/20260302b.pdf" type="application/pdf"><embed src="/img/banner.swf" type="application/x-shockwave-flash"></body>
</html>""",
        {"/xxgk/ys/files/20260302a.pdf": DOCUMENT, "/xxgk/ys/files/20260302b.pdf": DOCUMENT},
    ),
    "links in data attributes and calls": Kind(
        """<html><head><title>部门预算公开</title></head><body><ul><li>
<a href="javascript:void(0)" data-href="./2026/t1.html">市教育局2026年部门预算</a></li>
<li><a href="javascript:;" onclick="openUrl('/bm/slj/t2.html','市水利局2026年部门预算')">市水利局2026年部门预算</a></li>
<li data-url="/bm/daj/t3.html"><span>市档案馆2026年单位预算</span></li>
<li><a href="javascript:void(0)" data-link="/bm/x/t9.html">招聘启事</a></li></ul></body></html>""",
        {"/xxgk/ys/2026/t1.html": PAGE, "/bm/slj/t2.html": PAGE, "/bm/daj/t3.html": PAGE},
    ),
    "open-platform shell, all by script": Kind(
        """<html><head><title>政府信息公开目录 某市文化局</title></head><body><div id="app"></div>
<script>window._CONFIG={"SID":"200031","CATE_ID":"2290","NAME":"财政预决算","API":"/gkmlpt/api/all/2290"}</script>
<script src="/static/js/app.js"></script></body></html>""",
        {},
        "/gkmlpt/index",
        may=frozenset({"/gkmlpt/api/all/2290"}),
        by_script=True,
    ),
    "list loaded by a unit with query address": Kind(
        """<html><head><title>部门预算公开</title></head><body><div class="left"><a href="../">公开目录</a></div>
<div class="pageList infoList" unitid="45678" queryurl="/common/search/abc123?_isAgg=true&_pageSize=20"></div>
<script src="/js/pageList.js"></script></body></html>""",
        {},
        may=frozenset({"/common/search/abc123?_isAgg=true&_pageSize=20"}),
        by_script=True,
    ),
    "list with pages under another name": Kind(
        """<html><head><title>财政预决算</title></head><body><div class="zfxxgk_list_con"><ul><li>
<a href="/cz/c119064/202603/1234abcd.shtml" title="某区卫健委2026年部门预算">某区卫健委2026年部门…</a><span>2026-03-02</span></li></ul>
</div>
<div id="page_div"></div><script type="text/javascript">createPageHTML('page_div',3, 1,'zfxxgk_list','shtml',42);</script></body>
</html>""",
        {"/cz/c119064/202603/1234abcd.shtml": PAGE, "/cz/c119064/zfxxgk_list_2.shtml": NEXT, "/cz/c119064/zfxxgk_list_3.shtml": NEXT},
        "/cz/c119064/zfxxgk_list.shtml",
    ),
    "tree of offices in a script": Kind(
        """<html><head><title>2026年部门预算公开</title></head><body><div class="dtree"><script>d = new dTree('d'); d.add(0,-1,
'2026年部门预算');
d.add(1,0,'市教育局','/bm/jyj/ys2026.html','','main'); d.add(2,0,'市水利局','/bm/slj/ys2026.html','',
'main'); document.write(d);</script></div></body></html>""",
        {"/bm/jyj/ys2026.html": PAGE, "/bm/slj/ys2026.html": PAGE},
    ),
    "title in the attribute, text says download": Kind(
        """<html><head><title>通知公告</title></head><body><ul><li><a href="./P020260302001.pdf" title="某局2026年部门预算.pdf"
 download="某局2026年部门预算.pdf">下载</a></li>
<li><a href="./P020260302002.pdf" title="防汛预案.pdf" download="防汛预案.pdf">下载</a></li></ul></body></html>""",
        {"/xxgk/ys/P020260302001.pdf": DOCUMENT},
    ),
    "files behind interfaces": Kind(
        """<html><head><title>某局2026年部门预算公开</title></head><body><div class="article"><p>
<a href="/api/v1/file/info?filePath=inforurl/202604/01f84c.pdf&amp;fileName=%E9%A2%84%E7%AE%97.pdf">点击查看</a></p>
<p><a href="/eportal/fileDir/data/cz/W0202603.pdf">预算表</a></p><p>
<a href="/attachment/7/7978/7978168/10705231.pdf">附件：2026年部门预算</a></p><p>
<a href="/attachment/7/7978/7978168/10705231.jpg">封面</a></p></div></body></html>""",
        {
            "/api/v1/file/info?filePath=inforurl/202604/01f84c.pdf&fileName=%E9%A2%84%E7%AE%97.pdf": DOCUMENT,
            "/eportal/fileDir/data/cz/W0202603.pdf": DOCUMENT,
            "/attachment/7/7978/7978168/10705231.pdf": DOCUMENT,
        },
    ),
    "offices under headings": Kind(
        """<html><head><title>预决算公开</title></head><body><div class="box"><h3>2026年部门预算</h3><ul><li>
<a href="/jyj/ys/1.html">市教育局</a></li><li><a href="/slj/ys/2.html">市水利局</a></li></ul></div>
<div class="box"><h3>2024年部门决算</h3><ul><li><a href="/jyj/js/1.html">市教育局</a></li></ul></div>
<div class="box"><h3>政策文件</h3><ul><li><a href="/zc/1.html">预算管理办法</a></li></ul></div><div class="foot"><h3>友情链接</h3>
<a href="http://www.mof.gov.cn/">财政部</a><a href="/jyj/">市教育局</a></div></body></html>""",
        {"/jyj/ys/1.html": PAGE, "/slj/ys/2.html": PAGE, "/jyj/js/1.html": PAGE},
    ),
    "columns with more": Kind(
        """<html><head><title>预决算公开统一平台</title></head><body><div class="col"><h3>政府预决算</h3>
<a class="more" href="zfyjs/">更多&gt;&gt;</a><ul><li><a href="zfyjs/t1.html">某市2026年政府预算公开</a></li></ul></div>
<div class="col"><h3>部门预决算</h3><a class="more" href="bmyjs/">更多&gt;&gt;</a><ul><li>
<a href="bmyjs/t2.html">市教育局2026年部门预算</a></li></ul></div></body></html>""",
        {"/xxgk/ys/bmyjs/": PAGE, "/xxgk/ys/bmyjs/t2.html": PAGE},
    ),
    "matters near budgets": Kind(
        """<html><head><title>财政信息</title></head><body><ul><li><a href="1.html">某局2026年政府采购意向</a></li><li>
<a href="2.html">市级部门预算绩效管理办法</a></li><li><a href="3.html">一图读懂2026年部门预算</a></li>
<li><a href="4.html">部门预算公开操作规程</a></li><li><a href="5.html">某局2026年部门预算</a></li><li>
<a href="6.html">2024年部门整体支出绩效评价报告</a></li><li><a href="7.html">某局2024年度部门决算公开</a></li></ul></body></html>""",
        {"/xxgk/ys/5.html": PAGE, "/xxgk/ys/7.html": PAGE},
    ),
    "careless markup": Kind(
        """<HTML><HEAD><TITLE>&#x90E8;&#x95E8;&#39044;&#31639;公开</TITLE></HEAD><BODY><P><A HREF="
   //HOST/upload/a.pdf ">某局 2026 年 部 门 预 算</A><P><a href="\\upload\\2026\\b.pdf">某馆2026年单位预算</a>
<p><a href="http://HOST/show.php?id=3&amp;cat=9#top">某局&nbsp;2026&nbsp;年部门&ensp;预算</a><p><a href=c.pdf><span>某所</span></a>
<a href=c.pdf>2026年</a><a href=c.pdf>部门预算</a>
<!-- <a href="old.pdf">某局2026年部门预算（作废）</a> --></BODY></HTML>""",
        {"/upload/a.pdf": DOCUMENT, "/upload/2026/b.pdf": DOCUMENT, "/show.php?id=3&cat=9": PAGE, "/xxgk/ys/c.pdf": DOCUMENT},
    ),
    "refresh in gbk": Kind(
        """<html><head><meta http-equiv="content-type" content="text/html;charset=gb2312"><title>部门预算公开</title>
<META HTTP-EQUIV=REFRESH CONTENT="3; url=ysgk2026/list.htm"></head><body>正在转入…</body></html>""",
        {"/xxgk/ys/ysgk2026/list.htm": PAGE},
        encoding="gbk",
    ),
    "div title with more, no headings": Kind(
        """<html><head><title>财政信息公开专栏</title></head><body><div class="panel"><div class="hd">
<span>部门预算</span><a href="bmys/index.html">更多+</a></div><div class="bd"><ul><li><a href="bmys/a.html">市教育局2026年部门预算</a>
</li></ul></div></div>
<div class="panel"><div class="hd"><span>政府债务</span><a href="zfzw/index.html">更多+</a></div></div></body></html>
""",
        {"/xxgk/ys/bmys/index.html": PAGE, "/xxgk/ys/bmys/a.html": PAGE},
    ),
    "menus written by a script on an article": Kind(
        """<html><head><title>某局2026年部门预算</title></head><body>
<script>document.write('<a href="/zwgk/ldzc.html">领导之窗</a>');document.write('<a href="/bsfw/index.html">办事服务</a>');
var u="/x/"; document.write("<a href='"+u+"'>部门预算</a>"); $("#a").html('<a href="'+url+'">2026年部门预算</a>'); </script>
<div class="TRS_Editor"><p>附件：<a href="./W020260301.docx">1.部门预算公开表</a></p></div></body></html>
""",
        {"/xxgk/ys/W020260301.docx": DOCUMENT},
    ),
    "one paragraph, many attachments with words between": Kind(
        """<html><head><title>某局2026年部门预算公开</title></head><body>
<div class="article">
<p>根据《预算绩效管理办法》规定，现公开如下：1.部门预算公开说明<a href="a.pdf">下载</a>；
2.政府预算信息<a href="z.pdf">下载</a>；
3.部门预算表<a href="b.xls">下载</a></p></div></body></html>""",
        {"/xxgk/ys/a.pdf": DOCUMENT, "/xxgk/ys/b.xls": DOCUMENT},
        may=frozenset({"/xxgk/ys/z.pdf"}),
    ),
    "paged by query in the same asp": Kind(
        """<html><head><title>部门预决算公开</title></head><body><table><tr><td>
<a href="Info.aspx?nid=77">某局2026年部门预算</a></td></tr></table><a href="List.aspx?tid=5&p=1">1</a>
<a href="List.aspx?tid=5&p=2">2</a><a href="List.aspx?tid=5&p=3">3</a><a href="javascript:__doPostBack('pager','2')">下一页</a></body>
</html>""",
        {"/gk/Info.aspx?nid=77": PAGE, "/gk/List.aspx?tid=5&p=2": NEXT, "/gk/List.aspx?tid=5&p=3": NEXT},
        "/gk/List.aspx?tid=5&p=1",
    ),
    "postback only": Kind(
        """<html><head><title>部门预决算公开</title></head><body><table><tr><td>
<a href="Info.aspx?nid=77">某局2026年部门预算</a></td></tr></table><a href="javascript:__doPostBack('pager','2')">下一页</a></body>
</html>""",
        {"/gk/Info.aspx?nid=77": PAGE},
        "/gk/List.aspx?tid=5",
        by_script=True,
    ),
    "json list in a script by vue": Kind(
        """<html><head><title>部门预算公开</title></head><body><div id="app">{{item.title}}</div>
<script>var vm=new Vue({data:{list:[{"title":"市教育局2026年部门预算","href":"/art/1.html",
"date":"2026-03-02"},{"title":"市水利局2026年部门预算","href":"/art/2.html","date":"2026-03-02"},{"title":"关于召开会议的通知",
"href":"/art/3.html"}]}});</script></body></html>""",
        {"/art/1.html": PAGE, "/art/2.html": PAGE},
    ),
    "numbered attachments below, with sizes": Kind(
        """<html><head><title>2026年度某区教育系统部门预算公开</title></head><body>
<div id="content"><p>详见附件。</p></div><div class="attach"><ul><li>
<a href="/u/cms/www/202603/1.pdf">1.区教育局（本级）.pdf</a>(1.2MB)</li><li>
<a href="/u/cms/www/202603/2.pdf">2.区第一中学.pdf</a>(0.9MB)</li><li><a href="/u/cms/www/202603/3.pdf">3.区教师发展中心.pdf</a></li>
</ul></div><div class="qr"><a href="/u/cms/www/qr.png">扫一扫</a></div></body></html>""",
        {"/u/cms/www/202603/1.pdf": DOCUMENT, "/u/cms/www/202603/2.pdf": DOCUMENT, "/u/cms/www/202603/3.pdf": DOCUMENT},
    ),
    "definition lists of districts": Kind(
        """<html><head><title>2026年市级部门预算公开专栏</title></head><body><dl><dt>党委部门</dt><dd>
<a href="/zzb/ys26.html">市委组织部</a></dd><dd><a href="/xcb/ys26.html">市委宣传部</a></dd><dt>政府部门</dt><dd>
<a href="/jyj/ys26.html">市教育局</a></dd><dd><a href="/fy/ys26.html">市中级人民法院</a></dd><dd><a href="/xh/ys26.html">市红十字会</a>
</dd><dd><a href="/zgh/ys26.html">市总工会</a></dd><dd><a href="/rdb/ys26.html">市人大常委会办公室</a></dd></dl></body></html>
""",
        {
            "/zzb/ys26.html": PAGE,
            "/xcb/ys26.html": PAGE,
            "/jyj/ys26.html": PAGE,
            "/fy/ys26.html": PAGE,
            "/xh/ys26.html": PAGE,
            "/zgh/ys26.html": PAGE,
            "/rdb/ys26.html": PAGE,
        },
    ),
    "two columns table with year in header": Kind(
        """<html><head><title>预决算公开</title></head><body><table><thead><tr><th>单位</th>
<th>2025年预算</th><th>2026年预算</th></tr></thead><tr><td>市教育局</td><td><a href="25/1.pdf">点击查看</a></td><td>
<a href="26/1.pdf">点击查看</a></td></tr></table></body></html>""",
        {"/xxgk/ys/25/1.pdf": DOCUMENT, "/xxgk/ys/26/1.pdf": DOCUMENT},
    ),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PageSeen]:
    """What a dry run tells of each page; each has a site of its own, since some lie at the same place."""
    told: dict[str, PageSeen] = {}

    def tell(event: Event) -> None:
        if isinstance(event, PageSeen):
            told.setdefault(event.address, event)

    with ExitStack() as stack:
        seeds = []
        for number, kind in enumerate(KINDS.values()):
            site = stack.enter_context(served(f"127.0.4.{number + 1}"))
            site.page(kind.at, kind.html.replace("HOST", site.address.removeprefix("http://")), kind.encoding)
            seeds.append(Seed(site.address + kind.at, "site"))
        folder = tmp_path_factory.mktemp("dry")
        fetch(Job(str(folder / "inbox"), tuple(seeds), delay=0, private=True, dry_run=True), tell)
    return {name: told[seed.address] for name, seed in zip(KINDS, seeds, strict=True)}


@pytest.mark.parametrize("name", KINDS)
def test_of_each_structure_what_a_person_would_go_on_to_is_taken(name: str, seen: dict[str, PageSeen]) -> None:
    kind, page = KINDS[name], seen[name]
    site = page.address.removesuffix(kind.at)
    taken = {address.removeprefix(site): expects for expects, _, address, _ in page.links if expects}
    assert {address: expects for address, expects in taken.items() if address not in kind.may} == kind.takes
    assert bool(page.note) is kind.by_script, page.note
