import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { SafeFetchError } from "./safe-fetch-error.ts";

/** The encodings that `readBody` undoes, as a request names them. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

/**
 * The whole body, decompressed. Both what comes over the wire and what it unpacks to stay under `maxBytes`; reading
 * stops in the middle of what is larger.
 * @throws SafeFetchError where it is larger or its encoding is unknown; whatever the stream or zlib throws.
 */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(response.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const decoder = decoderOf(response.headers["content-encoding"]);
  const chunks: Buffer[] = [];
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of atMost(maxBytes, source)) chunks.push(chunk);
  };
  if (decoder === undefined) {
    await pipeline(response, collect);
  } else {
    const counted = (source: AsyncIterable<Buffer>) => atMost(maxBytes, source);
    await pipeline(response, counted, decoder, collect);
  }
  return Buffer.concat(chunks);
}

async function* atMost(maxBytes: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

function decoderOf(encoding: string | undefined): Duplex | undefined {
  switch (encoding?.trim().toLowerCase() ?? "identity") {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      throw new SafeFetchError("the answer is compressed in a way that is not known");
  }
}

const tooLarge = (maxBytes: number) => new SafeFetchError(`the answer is larger than ${maxBytes} bytes`);
