import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer, type Socket } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { mayConnect } from "../../src/platform/safe-fetch/address-rules.ts";
import { type Resolve, SafeFetchError, safeFetch } from "../../src/platform/safe-fetch/index.ts";
import { type FeedServer, startFeedServer } from "./feed-server.ts";

const LIMITS = { maxBytes: 100_000, connectTimeoutMs: 5_000, timeoutMs: 10_000 };
const MEGABYTE = 1024 * 1024;

describe("a fetch of a foreign address", () => {
  let server: FeedServer;
  before(async () => {
    server = await startFeedServer();
  });
  after(() => server.stop());

  const fetch = (url: string, options: Partial<Parameters<typeof safeFetch>[1]> = {}) =>
    safeFetch(url, { ...LIMITS, allowLoopback: true, ...options });
  async function refusal(
    url: string,
    options: Partial<Parameters<typeof safeFetch>[1]> = {},
  ): Promise<string> {
    const thrown: unknown = await fetch(url, options).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown, url).to.be.instanceOf(SafeFetchError);
    return (thrown as SafeFetchError).message;
  }

  describe("to an address that is not public", () => {
    const special = (
      "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 " +
      "172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.1.1 " +
      "192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 " +
      "255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:10.0.0.1 64:ff9b::10.0.0.1 " +
      "64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 3fff::1 4000::1 5f00::1 " +
      "fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1"
    ).split(" ");

    it("is never made, whichever kind of special address it is", () => {
      const reached = special.filter((address) => mayConnect(address, 443, { allowLoopback: false }));
      expect(reached).to.deep.equal([]);
    });

    it("is made to loopback alone where loopback is allowed", () => {
      const reached = special.filter((address) => mayConnect(address, 443, { allowLoopback: true }));
      expect(reached).to.deep.equal(["127.0.0.1", "127.255.255.254", "::1"]);
    });

    it("is made to public addresses on web ports only", () => {
      for (const address of ["8.8.8.8", "172.32.0.1", "2606:4700:4700::1111"]) {
        const ports = [80, 443, 22, 6379, 8080].filter((port) =>
          mayConnect(address, port, { allowLoopback: true }),
        );
        expect(ports, address).to.deep.equal([80, 443]);
      }
    });

    it("is refused in every spelling of the address", async () => {
      const spellings =
        "http://127.0.0.1 http://127.1 http://0x7f.0.0.1 http://2130706433 http://0177.0.0.1 http://[::1] " +
        "http://[::ffff:127.0.0.1] http://[::ffff:7f00:1] http://169.254.169.254/latest http://[fd00:ec2::254] " +
        "http://10.0.0.1 http://0 http://127.0.0.1.";
      for (const url of spellings.split(" ")) {
        expect(await refusal(url, { allowLoopback: false }), url).to.contain("not a public web address");
      }
    });

    it("is refused where a name leads there", async () => {
      for (const address of ["127.0.0.1", "169.254.169.254", "10.1.2.3", "::1", "::ffff:10.0.0.1"]) {
        const resolve: Resolve = async () => [{ address, family: address.includes(":") ? 6 : 4 }];
        expect(await refusal("http://feeds.example/", { allowLoopback: false, resolve })).to.contain(
          "not a public",
        );
      }
      expect(await refusal("http://localhost/", { allowLoopback: false })).to.contain("not a public");
    });

    it("is refused when the name answers differently the second time", async () => {
      server.on("/rebinding", (_request, response) => response.writeHead(302, { location: "/inside" }).end());
      server.on("/inside", "secret");
      const answers = ["127.0.0.1", "10.0.0.1"];
      let asked = 0;
      const resolve: Resolve = async () => [{ address: answers[asked++] ?? "10.0.0.1", family: 4 }];
      const url = `http://feeds.example:${server.port}/rebinding`;
      expect(await refusal(url, { resolve })).to.contain("not a public");
      expect(asked).to.equal(2);
      expect(server.requests("/inside")).to.have.length(0);
    });

    it("uses only the public ones of a name's addresses", async () => {
      server.on("/mixed", "here");
      const resolve: Resolve = async () => [
        { address: "10.0.0.1", family: 4 },
        { address: "127.0.0.1", family: 4 },
        { address: "169.254.169.254", family: 4 },
      ];
      const { body } = await fetch(`http://feeds.example:${server.port}/mixed`, { resolve });
      expect(body.toString()).to.equal("here");
    });

    it("connects to the address that was checked, and asks for no other", async () => {
      server.on("/once", "here");
      let asked = 0;
      const resolve: Resolve = async () => {
        asked++;
        return [{ address: asked === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
      };
      const { body } = await fetch(`http://feeds.example:${server.port}/once`, { resolve });
      expect(body.toString()).to.equal("here");
      expect(asked).to.equal(1);
    });

    it("is refused where a redirect leads there", async () => {
      for (const location of [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "//192.168.0.1/",
        "http://8.8.8.8:6379/",
      ]) {
        server.on("/away", (_request, response) => response.writeHead(301, { location }).end());
        expect(await refusal(server.url("/away")), location).to.contain("not a public");
      }
    });

    it("is refused on ports that are not the web's", async () => {
      const resolve: Resolve = async () => [{ address: "8.8.8.8", family: 4 }];
      for (const allowLoopback of [false, true]) {
        expect(await refusal("http://feeds.example:6379/", { resolve, allowLoopback })).to.contain(
          "not a public",
        );
      }
    });
  });

  it("refuses other schemes, credentials and what is no address, also after a redirect", async () => {
    const bad = [
      "ftp://example.com/",
      "file:///etc/passwd",
      "data:text/plain,x",
      "http://user:word@127.0.0.1/",
      "x",
    ];
    for (const url of bad) await refusal(url);
    for (const location of [
      "file:///etc/passwd",
      `http://user:word@127.0.0.1:${server.port}/`,
      "http://[bad",
    ]) {
      server.on("/scheme", (_request, response) => response.writeHead(302, { location }).end());
      await refusal(server.url("/scheme"));
    }
  });

  it("follows five redirects and no sixth", async () => {
    for (let hop = 0; hop < 6; hop++) {
      server.on(`/hop${hop}`, (_request, response) =>
        response.writeHead(307, { location: `/hop${hop + 1}` }).end("x"),
      );
    }
    server.on("/hop6", "there");
    const { body, url } = await fetch(server.url("/hop1"));
    expect([body.toString(), url]).to.deep.equal(["there", server.url("/hop6")]);
    expect(await refusal(server.url("/hop0"))).to.contain("more than 5");
  });

  it("unpacks gzip and brotli", async () => {
    server.on("/gzip", (_request, response) =>
      response.setHeader("content-encoding", "gzip").end(gzipSync("zipped")),
    );
    server.on("/br", (_request, response) =>
      response.setHeader("content-encoding", "br").end(brotliCompressSync("zipped")),
    );
    for (const path of ["/gzip", "/br"])
      expect((await fetch(server.url(path))).body.toString()).to.equal("zipped");
  });

  it("stops a body that is too large, announced or not", async () => {
    server.on("/announced", (_request, response) => {
      response.setHeader("content-length", String(1024 * MEGABYTE));
      response.write("x");
    });
    let sent = 0;
    server.on("/endless", (_request, response) => {
      const block = Buffer.alloc(64 * 1024, 120);
      const more = () => {
        while (!response.destroyed && response.write(block)) sent += block.length;
        sent += block.length;
      };
      response.on("drain", more);
      more();
    });
    expect(await refusal(server.url("/announced"))).to.contain("larger than");
    expect(await refusal(server.url("/endless"))).to.contain("larger than");
    // What the kernel's buffers took on the way, and not a stream's worth of it.
    expect(sent).to.be.lessThan(64 * MEGABYTE);
  });

  it("stops a compression bomb while it unpacks", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE));
    server.on("/bomb", (_request, response) => response.setHeader("content-encoding", "gzip").end(bomb));
    const before = process.memoryUsage().arrayBuffers;
    expect(await refusal(server.url("/bomb"))).to.contain("larger than");
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(16 * MEGABYTE);
  });

  it("refuses encodings that it does not know, and layers of them", async () => {
    for (const encoding of ["zstd", "gzip, gzip"]) {
      server.on("/odd", (_request, response) => response.setHeader("content-encoding", encoding).end("x"));
      expect(await refusal(server.url("/odd"))).to.contain("compressed");
    }
  });

  it("ends a request that never answers, and one that drips", async () => {
    const drips: NodeJS.Timeout[] = [];
    server.on("/silent", () => {});
    server.on("/drip", (_request, response) => {
      drips.push(setInterval(() => response.write("x"), 20));
    });
    for (const path of ["/silent", "/drip"]) {
      expect(await refusal(server.url(path), { timeoutMs: 300 })).to.contain("longer than 300 ms");
    }
    for (const drip of drips) clearInterval(drip);
  });

  it("ends a connection that never comes to stand", async () => {
    const sockets: Socket[] = [];
    // It takes the connection and says nothing, so TLS never begins.
    const mute = createTcpServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as AddressInfo;
    const message = await refusal(`https://127.0.0.1:${port}/`, { connectTimeoutMs: 200 });
    expect(message).to.contain("no connection within 200 ms");
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  it("ends when its caller stops it", async () => {
    const stopping = new AbortController();
    server.on("/stopped", () => stopping.abort());
    expect(await refusal(server.url("/stopped"), { signal: stopping.signal })).to.contain("stopping");
    expect(await refusal(server.url("/stopped"), { signal: stopping.signal })).to.contain("stopping");
    expect(server.requests("/stopped")).to.have.length(1);
  });
});
