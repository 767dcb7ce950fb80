import { expect } from "chai";
import { ConfigError, loadConfig } from "../../src/config.ts";

const settings = (NEWS_FEEDS: string) => loadConfig({ NEWS_FEEDS }, "/");

describe("the setting NEWS_FEEDS", () => {
  it("is a list of addresses, each once", () => {
    expect(loadConfig({}, "/")).to.deep.include({ newsFeeds: [], newsAllowLoopback: false });
    const feeds = ["https://a.example/rss?key=1", "http://b.example/feed"];
    expect(settings(`${feeds[0]}, ${feeds[1]},,${feeds[0]}`).newsFeeds).to.deep.equal(feeds);
  });

  it("stops the start where it is wrong, with a sentence that names it and tells no address", () => {
    for (const [value, why] of [
      ["https://a.example/, ftp://b.example/s3cret", "address 2 is no http or https URL"],
      ["s3cret", "address 1 is no http or https URL"],
      ["https://user:s3cret@a.example/", "address 1 has credentials"],
      [Array.from({ length: 101 }, (_, index) => `https://a.example/${index}`).join(), "more than 100 feeds"],
    ] as const) {
      const load = () => settings(value);
      expect(load).to.throw(ConfigError, `The setting NEWS_FEEDS cannot be used: `);
      expect(load).to.throw(why);
      expect(load).not.to.throw("s3cret");
    }
  });
});
