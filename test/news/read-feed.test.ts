import { expect } from "chai";
import { decodeText } from "../../src/news/feed/decode-text.ts";
import { FeedReader, FeedUnreadable } from "../../src/news/feed/feed-reader.ts";
import { readFeed } from "../../src/news/feed/read-feed.ts";
import { rss } from "./feed-server.ts";

const ADDRESS = "https://feeds.example/rss.xml";
const NOW = Date.parse("2026-03-01T00:00:00Z");
const read = (text: string) => readFeed(text, ADDRESS, NOW);
const article = {
  title: "Bitcoin & friends",
  link: "https://example.com/1",
  published: "2026-02-03T12:00:00.000Z",
  description: "They rise.",
};

describe("a feed that is read", () => {
  it("may be RSS", () => {
    const text = rss("Coin &amp; Post", [
      {
        title: "Bitcoin &amp;amp; friends",
        link: "https://example.com/1?utm_source=rss",
        description: "<![CDATA[<p>They <b>rise</b>.</p>]]>",
        date: "Tue, 03 Feb 2026 12:00:00 GMT",
      },
    ]);
    expect(read(text)).to.deep.equal({ source: "Coin & Post", items: [article] });
  });

  it("may be Atom", () => {
    const text = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Coin Post</title><id>f</id>
      <entry><id>1</id><title type="html">Bitcoin &amp;amp; friends</title>
      <link rel="self" href="https://example.com/self"/><link rel="alternate" href="https://example.com/1"/>
      <published>2026-02-03T13:00:00+01:00</published><updated>2026-02-04T12:00:00Z</updated>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>They <b>rise</b>.</p></div></content></entry></feed>`;
    expect(read(text)).to.deep.equal({ source: "Coin Post", items: [article] });
  });

  it("may be RDF", () => {
    const text = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.com/"><title>Coin Post</title></channel>
      <item rdf:about="https://example.com/1"><title>Bitcoin &amp; friends</title><link>https://example.com/1</link>
      <description>They rise.</description><dc:date>2026-02-03T12:00:00Z</dc:date></item></rdf:RDF>`;
    expect(read(text)).to.deep.equal({ source: "Coin Post", items: [article] });
  });

  it("may be a JSON feed", () => {
    const item = {
      id: "1",
      url: article.link,
      title: article.title,
      content_html: "<p>They <b>rise</b>.</p>",
      date_published: "2026-02-03T12:00:00Z",
    };
    const text = JSON.stringify({
      version: "https://jsonfeed.org/version/1.1",
      title: "Coin Post",
      items: [item],
    });
    expect(read(text)).to.deep.equal({ source: "Coin Post", items: [article] });
  });

  it("keeps what has a link and something to say, and takes a title from the text where there is none", () => {
    const text = rss("", [
      { title: "no link" },
      { title: "bad link", link: "javascript:alert(1)" },
      { link: "https://example.com/nothing" },
      { link: "/relative", description: "Only a text" },
    ]);
    const { source, items } = read(text);
    expect(source).to.equal("feeds.example");
    expect(items).to.deep.equal([
      {
        title: "Only a text",
        link: "https://feeds.example/relative",
        published: null,
        description: "Only a text",
      },
    ]);
  });

  it("is read up to its newest hundred", () => {
    const items = Array.from({ length: 250 }, (_, index) => ({
      title: `Story ${index}`,
      link: `https://example.com/${index}`,
      date: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toUTCString(),
    }));
    const titles = read(rss("Many", items)).items.map(({ title }) => title);
    expect(titles).to.have.length(100);
    expect(titles.slice(0, 2)).to.deep.equal(["Story 249", "Story 248"]);
  });
});

describe("the text of a feed", () => {
  const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><t>`;
  const text = (bytes: Buffer, type?: string) => decodeText(bytes, type).replace(/^.*<t>/, "");

  it("is decoded as its header or its declaration says", () => {
    const cyrillic = Buffer.from([0xc1, 0xe8, 0xf2]);
    expect(text(Buffer.concat([Buffer.from(xml("windows-1251")), cyrillic]))).to.equal("Бит");
    expect(text(cyrillic, 'text/xml; charset="windows-1251"')).to.equal("Бит");
    expect(text(Buffer.from("\ufeffБит", "utf16le"), "text/xml; charset=utf-8")).to.equal("Бит");
  });

  it("is UTF-8 where it can be nothing else, whatever is declared", () => {
    const bytes = Buffer.from(`${xml("iso-8859-1")}Zürich – Бит`);
    expect(text(bytes, "text/xml; charset=iso-8859-1")).to.equal("Zürich – Бит");
    expect(text(Buffer.from("plain"), "text/xml; charset=no-such-thing")).to.equal("plain");
  });

  it("is readable where what is declared is wrong", () => {
    const western = Buffer.concat([
      Buffer.from(`${xml("utf-8")}Z`),
      Buffer.from([0xfc]),
      Buffer.from("rich"),
    ]);
    expect(text(western, "text/xml; charset=utf-8")).to.equal("Zürich");
  });
});

describe("the thread that reads feeds", () => {
  const reader = new FeedReader();
  after(() => reader.stop());
  const readBytes = (text: string) =>
    reader.read({ bytes: Buffer.from(text), contentType: undefined, address: ADDRESS, now: NOW });
  const head = '<?xml version="1.0"?>';

  it("reads a good feed", async () => {
    const { source, items } = await readBytes(
      rss("Coin Post", [{ title: "One", link: "https://example.com/1" }]),
    );
    expect([source, items.length]).to.deep.equal(["Coin Post", 1]);
  });

  it("refuses what is no feed, and reads the next one", async () => {
    const channel = (text: string) => `${head}<rss version="2.0"><channel><title>t</title>${text}`;
    const deep = `{"version":"https://jsonfeed.org/version/1.1","title":"t","items":${"[".repeat(200_000)}`;
    const external = `${head}<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&a;</title></channel></rss>`;
    for (const bad of [
      "",
      "\0\u0001\u0002",
      "<!doctype html><html><body>Hello</body></html>",
      "{}",
      "[]",
      deep,
      external,
      channel("<a>".repeat(300_000)),
    ]) {
      const thrown: unknown = await readBytes(bad).catch((error: unknown) => error);
      expect(thrown, bad.slice(0, 80)).to.be.instanceOf(FeedUnreadable);
    }
    expect((await readBytes(rss("Next", []))).source).to.equal("Next");
  });

  it("expands no entities that a feed defines", async () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
    );
    const bomb = `${head}<!DOCTYPE l [<!ENTITY l0 "lol">${levels.join("")}]>${rss("Bomb", [{ title: "x &l9; y", link: "https://example.com/1" }]).replace(head, "")}`;
    const { items } = await readBytes(bomb);
    expect(items.map(({ title }) => title)).to.deep.equal(["x &l9; y"]);
  });
});
