/**
 * One unit of text. `key` is what the lexicon and the context rules look up, `shown` what a reader sees,
 * `emphasis` (1 or more) how loudly it was said.
 */
export type Token = { key: string; shown: string; emphasis: number };
