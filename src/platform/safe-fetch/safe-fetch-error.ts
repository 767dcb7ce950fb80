/** Why an address was not fetched, as a clause that can follow "because". */
export class SafeFetchError extends Error {
  override name = "SafeFetchError";
}
