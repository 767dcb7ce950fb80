const MAX_LENGTH = 2000;
const TRACKING =
  /^(?:utm_.*|at_(?:medium|campaign|custom\d).*|mc_[ce]id|_hs.*|hsctatracking|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|ref|ref_src|ref_url|cmpid|cmp|ito|ncid|sr_share|spm|guccounter|s_kwcid|mkt_tok|oly_.*|vero_.*|wt_mc|ocid)$/i;

/**
 * The address of an article as it is shown: absolute, http or https, without credentials and tracking parameters.
 * @param base what a relative link is relative to.
 * @returns undefined where it is no such address.
 */
export function cleanLink(link: string, base?: string): string | undefined {
  if (link.length > MAX_LENGTH || !URL.canParse(link, base)) return undefined;
  const url = new URL(link, base);
  if ((url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") return undefined;
  url.username = "";
  url.password = "";
  for (const name of new Set(url.searchParams.keys())) {
    if (TRACKING.test(name)) url.searchParams.delete(name);
  }
  return url.href.length > MAX_LENGTH ? undefined : url.href;
}

/** What two addresses of one article have in common: no scheme, `www.`, fragment, order of parameters, last slash. */
export function linkKey(link: string): string {
  const { host, pathname, searchParams } = new URL(link);
  const sorted = new URLSearchParams(searchParams);
  sorted.sort();
  return `${host.replace(/^www\./, "")}${pathname.replace(/\/+$/, "")}?${sorted}`;
}
