export { type Resolve, type SafeAnswer, safeFetch } from "./safe-fetch.ts";
export { SafeFetchError } from "./safe-fetch-error.ts";
