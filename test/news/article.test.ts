import { expect } from "chai";
import fc from "fast-check";
import { cleanLink, linkKey } from "../../src/news/article/clean-link.ts";
import { matchCoins } from "../../src/news/article/match-coins.ts";
import { plainText } from "../../src/news/article/plain-text.ts";
import { publishDate } from "../../src/news/article/publish-date.ts";

describe("the plain text of an article", () => {
  it("is what a reader of the HTML sees", () => {
    const cases: [string, string][] = [
      ["<p>One</p><p>two<br>three <b>f</b>our</p>", "One two three four"],
      ["AT&amp;T &#8211; &quot;up&quot; 5&nbsp;%", 'AT&T – "up" 5 %'],
      ["a < b and 3 > 2", "a < b and 3 > 2"],
      ["x<script>alert('<b>')</script><style>p{}</style><!-- c -->y", "xy"],
      ['<img src=x onerror="alert(1)">pic<a href="javascript:x">ture', "picture"],
      ["&lt;img src=x onerror=alert(1)&gt;twice", "twice"],
      ["&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;thrice", "thrice"],
      ["bad <", "bad <"],
      ["\u202egnp.exe\u0000\u0007 ok\ttab", "gnp.exe ok tab"],
    ];
    for (const [html, text] of cases) expect(plainText(html, 200), html).to.equal(text);
  });

  it("is cut at whole characters, with an ellipsis", () => {
    expect(plainText("🚀🚀🚀🚀", 3)).to.equal("🚀🚀…");
    expect(plainText("abc", 3)).to.equal("abc");
  });

  it("holds no markup, whatever it was made from", () => {
    const pieces = [
      "<",
      ">",
      "&lt;",
      "&amp;",
      "lt;",
      "script",
      "b",
      "/",
      "!--",
      "-->",
      "<![CDATA[",
      "]]>",
      'a="',
      "'",
      " ",
      "&#60;",
      "&#8203;",
      "\u200b",
      "\0",
      "x",
    ];
    const html = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 40 })
      .map((all) => all.join(""));
    fc.assert(
      fc.property(html, (text) => {
        const plain = plainText(text, 300);
        expect(plain).not.to.match(/<[a-z!/?]/i);
        expect(plain.isWellFormed()).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the link of an article", () => {
  it("has no tracking parameters, and everything else", () => {
    expect(cleanLink("https://Example.com/a?utm_source=rss&id=7&fbclid=x&b=%20c#part")).to.equal(
      "https://example.com/a?id=7&b=+c#part",
    );
    expect(cleanLink("https://example.com/a?UTM_Medium=x")).to.equal("https://example.com/a");
  });

  it("is absolute, http or https, and carries no credentials", () => {
    expect(cleanLink("/a/b", "https://example.com/feed.xml")).to.equal("https://example.com/a/b");
    expect(cleanLink("https://user:word@example.com/")).to.equal("https://example.com/");
    for (const bad of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "a/b",
      "",
    ]) {
      expect(cleanLink(bad), bad).to.equal(undefined);
    }
  });

  it("is the same article's in its different spellings", () => {
    const key = linkKey("https://example.com/a?x=1&y=2");
    for (const same of ["http://www.example.com/a/?y=2&x=1", "https://example.com/a?x=1&y=2#top"]) {
      expect(linkKey(same)).to.equal(key);
    }
    expect(linkKey("https://example.com/a?x=2&y=2")).not.to.equal(key);
  });
});

describe("the date of an article", () => {
  const now = Date.parse("2026-03-01T00:00:00Z");

  it("is read in the spellings of feeds", () => {
    const noon = "2026-02-03T12:00:00.000Z";
    for (const text of [
      "Tue, 03 Feb 2026 12:00:00 GMT",
      "Tue, 03 Feb 2026 07:00:00 EST",
      "Tue, 03 Feb 2026 13:00:00 CET",
      "03 Feb 26 17:30:00 +0530",
      "2026-02-03T12:00:00Z",
      "2026-02-03T14:00+02:00",
      " 2026-02-03T12:00:00.000Z ",
    ]) {
      expect(publishDate(text, now), text).to.equal(noon);
    }
  });

  it("is UTC where it names no zone, wherever the machine stands", () => {
    const before = process.env.TZ;
    process.env.TZ = "America/New_York";
    try {
      for (const text of ["2026-02-03T12:00:00", "2026-02-03 12:00:00", "Tue, 03 Feb 2026 12:00:00"]) {
        expect(publishDate(text, now), text).to.equal("2026-02-03T12:00:00.000Z");
      }
      expect(publishDate("2026-02-03", now)).to.equal("2026-02-03T00:00:00.000Z");
      expect(publishDate("03 Feb 2026", now)).to.equal("2026-02-03T00:00:00.000Z");
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it("is unknown where it is absent, unreadable, too old to be true or in the future", () => {
    for (const text of [
      undefined,
      "",
      "yesterday",
      "2026-13-45",
      "0001-01-01T00:00:00Z",
      "2026-03-01T00:00:01Z",
    ]) {
      expect(publishDate(text, now), text).to.equal(null);
    }
  });
});

describe("the coins of an article", () => {
  it("are found by name, ticker and cashtag", () => {
    const cases: [string, string[]][] = [
      ["Bitcoin's rally lifts ETH and $sol", ["BTC", "ETH", "SOL"]],
      ["btc/usdt at 70k, #XRP too", ["BTC", "USDT", "XRP"]],
      ["Bitcoins, BITCOIN and bitcoin: once", ["BTC"]],
      ["Chainlink ($LINK) and Near Protocol", ["LINK", "NEAR"]],
      ["Ripple wins, Avalanche grows", ["XRP", "AVAX"]],
    ];
    for (const [text, coins] of cases) expect(matchCoins(text), text).to.deep.equal(coins);
  });

  it("are not found in words that only look like them", () => {
    for (const text of [
      "BITCOINERS something, bitcoiner",
      "Near the link, one dot and a ton of uni papers, etc.",
      "NEAR ALL-TIME HIGH: ONE LINK, OP-ED, ETC.",
      "a ripple effect, an avalanche of shorts, el sol, Ada with doge",
      "methods, together, etherealize, subtcp, soldier",
      "USD$ONEX",
    ]) {
      expect(matchCoins(text), text).to.deep.equal([]);
    }
  });

  it("takes the longest name: a fork is not the coin it came from", () => {
    expect(matchCoins("Bitcoin Cash and Ethereum  Classic")).to.deep.equal(["BCH", "ETC"]);
  });
});
