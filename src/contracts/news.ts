import { momentOut, symbolName } from "./common.ts";
import { decimalOut } from "./decimal.ts";
import { z } from "./zod.ts";

export const newsQuery = z.strictObject({
  symbol: symbolName.optional(),
  refresh: z
    .enum(["true", "false"])
    .optional()
    .transform((value) => value === "true")
    .openapi({ type: "boolean", description: "look at the feeds now; at most once in 30 s" }),
});

export const articleOut = z
  .object({
    source: z.string().openapi({ description: "the feed's own name" }),
    title: z.string(),
    link: z.string().openapi({ format: "uri", description: "http or https, without tracking parameters" }),
    published: momentOut,
    description: z.string().openapi({ description: "plain text" }),
    sentiment: z.object({
      label: z.enum(["positive", "neutral", "negative"]),
      confidence: decimalOut,
    }),
    coins: z.array(z.string()).openapi({ description: "symbols of the coins that it is about" }),
  })
  .openapi("Article");

export const newsAnswer = z
  .object({
    count: z.int(),
    articles: z.array(articleOut),
    sentimentPerCoin: z.record(
      z.string(),
      z.object({
        avg: z.number().min(-1).max(1).openapi({ description: "mean score of the articles" }),
        count: z.int(),
        updated: momentOut.openapi({ description: "when its newest article was published" }),
      }),
    ),
    cached: z
      .boolean()
      .openapi({ description: "from what is stored; false: the feeds were looked at for this answer" }),
    timestamp: momentOut,
  })
  .openapi("News");
