/** What a reader has chosen stands in the page's address, so that a view can be kept and passed on. */
export function fromAddress(name: string): string | undefined {
  return new URLSearchParams(location.search).get(name) || undefined;
}

/** Puts values into the address, in place; an undefined or empty one is taken out. */
export function toAddress(values: Record<string, string | undefined>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === "") query.delete(name);
    else query.set(name, value);
  }
  history.replaceState(null, "", query.size === 0 ? location.pathname : `?${query}`);
}
