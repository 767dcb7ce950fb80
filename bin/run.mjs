// Builds what changed and runs one of our programs in this very process, so that signals reach it directly:
// node bin/run.mjs main, node bin/run.mjs cli/import alpha-arena trades.json
import { build } from "./build.mjs";

const [program, ...rest] = process.argv.slice(2);
process.argv.splice(1, process.argv.length - 1, `trading-playground ${program}`, ...rest);
process.setSourceMapsEnabled(true);
await build();
await import(new URL(`../dist/${program}.js`, import.meta.url).href);
