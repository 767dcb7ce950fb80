import { type AnyFeed, type AtomFeed, type JsonFeed, parseFeed, type RdfFeed, type RssFeed } from "feedsmith";
import { cleanLink } from "../article/clean-link.ts";
import { plainText } from "../article/plain-text.ts";
import { publishDate } from "../article/publish-date.ts";

/** An article as its feed tells it, brought into one shape. */
export interface FeedItem {
  title: string;
  link: string;
  /** ISO 8601 UTC; null where the feed gives none that can be believed. */
  published: string | null;
  description: string;
}

export interface ParsedFeed {
  /** The feed's own name, else its host. */
  source: string;
  items: FeedItem[];
}

interface RawItem {
  title?: string | undefined;
  links: (string | undefined)[];
  date?: string | undefined;
  /** The first that says something is taken. */
  texts: (string | undefined)[];
}

const MAX_READ = 300;
const MAX_ITEMS = 100;
const MAX_SOURCE = 100;
const MAX_TITLE = 300;
const MAX_DESCRIPTION = 500;
const MAX_TITLE_FROM_TEXT = 100;

/**
 * Reads an RSS, Atom, RDF or JSON feed: its newest 100 articles that have a link and something to say.
 * @param address where the feed was fetched, for relative links.
 * @param now Unix milliseconds.
 * @throws the parser's error where the text is no feed.
 */
export function readFeed(text: string, address: string, now: number): ParsedFeed {
  const { title, items } = unify(parseFeed(text.trimStart(), { maxItems: MAX_READ }));
  const read = items.flatMap((item) => readItem(item, address, now));
  return {
    source: plainText(title ?? "", MAX_SOURCE) || new URL(address).hostname,
    items: newestFirst(read).slice(0, MAX_ITEMS),
  };
}

function readItem({ title, links, date, texts }: RawItem, address: string, now: number): FeedItem[] {
  const link = links.flatMap((each) => (each === undefined ? [] : (cleanLink(each, address) ?? []))).at(0);
  if (link === undefined) return [];
  const description = firstText(texts);
  const shown = plainText(title ?? "", MAX_TITLE) || plainText(description, MAX_TITLE_FROM_TEXT);
  return shown === "" ? [] : [{ title: shown, link, published: publishDate(date, now), description }];
}

function firstText(texts: (string | undefined)[]): string {
  for (const text of texts) {
    const plain = plainText(text ?? "", MAX_DESCRIPTION);
    if (plain !== "") return plain;
  }
  return "";
}

/** Feeds list their newest first, so an article without a date stays beside the one above it. */
function newestFirst(items: FeedItem[]): FeedItem[] {
  let date = "9999";
  const dated = items.map((item) => {
    date = item.published ?? date;
    return { item, date };
  });
  return dated.sort((a, b) => b.date.localeCompare(a.date)).map(({ item }) => item);
}

function unify(parsed: AnyFeed): { title: string | undefined; items: RawItem[] } {
  switch (parsed.format) {
    case "rss":
      return { title: parsed.feed.title, items: (parsed.feed.items ?? []).map(fromRss) };
    case "rdf":
      return { title: parsed.feed.title, items: (parsed.feed.items ?? []).map(fromRdf) };
    case "atom":
      return { title: parsed.feed.title?.value, items: (parsed.feed.entries ?? []).map(fromAtom) };
    case "json":
      return { title: parsed.feed.title, items: (parsed.feed.items ?? []).map(fromJson) };
  }
}

function fromRss({
  title,
  link,
  guid,
  pubDate,
  description,
  content,
  dc,
  atom,
}: RssFeed.Item<string>): RawItem {
  const permanent = guid?.isPermaLink === false ? undefined : absolute(guid?.value);
  return {
    title,
    links: [link, permanent, ...alternates(atom?.links)],
    date: pubDate ?? dc?.dates?.[0] ?? atom?.published ?? atom?.updated,
    texts: [description, content?.encoded, dc?.descriptions?.[0]],
  };
}

function fromRdf({ title, link, rdf, description, content, dc }: RdfFeed.Item<string>): RawItem {
  return {
    title,
    links: [link, absolute(rdf?.about)],
    date: dc?.dates?.[0],
    texts: [description, content?.encoded, dc?.descriptions?.[0]],
  };
}

function fromAtom({ title, links, published, updated, summary, content }: AtomFeed.Entry<string>): RawItem {
  return {
    title: title?.value,
    links: alternates(links),
    date: published ?? updated,
    texts: [summary?.value, content?.value],
  };
}

function fromJson(item: JsonFeed.Item<string>): RawItem {
  return {
    title: item.title,
    links: [item.url, item.external_url, absolute(item.id)],
    date: item.date_published ?? item.date_modified,
    texts: [item.summary, item.content_text, item.content_html],
  };
}

/** An identifier is a link only where it says so: one that is not absolute is just a name. */
const absolute = (id: string | undefined) => (id !== undefined && /^https?:\/\//i.test(id) ? id : undefined);

const alternates = (links: AtomFeed.Link<string>[] | undefined) =>
  (links ?? []).filter(({ rel }) => rel === undefined || rel === "alternate").map(({ href }) => href);
