// The house's import rules: main → app → {stream, features, cli} → tape → {platform, contracts}.
// Whatever folder stands in src/ and is none of these is a feature, so that a new one is held to the rules at once.
const FEATURE = "^src/(?!contracts/|platform/|tape/|stream/|cli/)([^/]+)/";
const EMBEDDED = "^src/platform/embedded-postgres/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "Files that need each other, be it only for a type, are one file or hide a third one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-circle-of-folders",
      comment: "A part enters another one in one direction only.",
      severity: "error",
      scope: "folder",
      from: { path: "^src/" },
      to: { circular: true },
    },
    {
      name: "nothing-imports-a-program",
      comment:
        "main.ts, the commands and the keeper are started, not imported; the keeper's messages are a type.",
      severity: "error",
      from: {},
      to: {
        path: ["^src/main\\.ts$", "^src/cli/[^/]+\\.ts$", `${EMBEDDED}keeper\\.ts$`],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "commands-stand-on-top",
      comment: "The commands use the parts, and no part knows a command.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "parts-do-not-know-the-composition-root",
      comment:
        "app.ts hands each part what it needs; none reaches out for app, config or the list of models.",
      severity: "error",
      from: { path: "^src/(?!cli/)[^/]+/" },
      to: { path: "^src/[^/]+\\.ts$" },
    },
    {
      name: "contracts-import-only-contracts",
      comment: "The wire shapes can be read, and used by a client, without the server.",
      severity: "error",
      from: { path: "^src/contracts/" },
      to: { path: "^src/", pathNot: "^src/contracts/" },
    },
    {
      name: "platform-knows-no-business",
      comment:
        "Technology without business words; zod, and how a value is shown, are all it shares with the contracts.",
      severity: "error",
      from: { path: "^src/platform/" },
      to: { path: "^src/", pathNot: ["^src/platform/", "^src/contracts/(?:zod|met)\\.ts$"] },
    },
    {
      name: "tape-knows-no-part-above-it",
      comment: "The tape records and delivers entries and does not know who wants them.",
      severity: "error",
      from: { path: "^src/tape/" },
      to: { path: "^src/", pathNot: ["^src/tape/", "^src/platform/", "^src/contracts/"] },
    },
    {
      name: "stream-knows-no-feature",
      comment: "What a feature shows live is handed to the stream by app.ts.",
      severity: "error",
      from: { path: "^src/stream/" },
      to: { path: "^src/", pathNot: ["^src/stream/", "^src/tape/", "^src/platform/", "^src/contracts/"] },
    },
    {
      name: "features-know-no-stream",
      comment: "A feature writes to the tape; delivery follows the tape.",
      severity: "error",
      from: { path: FEATURE },
      to: { path: "^src/stream/" },
    },
    {
      name: "feature-door",
      comment:
        "A feature, the tape and the stream are entered by their index.ts; the list of models takes the tables alone.",
      severity: "error",
      from: { path: "^src/([^/]+)(/|\\.ts$)", pathNot: "^src/models\\.ts$" },
      to: {
        path: "^src/(?!contracts/|platform/|cli/)[^/]+/",
        pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$"],
      },
    },
    {
      name: "embedded-postgres-door",
      comment: "The embedded database is entered by its index.ts.",
      severity: "error",
      from: { pathNot: EMBEDDED },
      to: { path: EMBEDDED, pathNot: `${EMBEDDED}index\\.ts$` },
    },
    {
      name: "pages-take-only-types",
      comment: "Browser code shares the wire types with the server, and no code.",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^src/", pathNot: "^src/contracts/" },
    },
    {
      name: "pages-bundle-no-server-code",
      comment: "Browser code shares the wire types with the server, and no code.",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^src/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "server-imports-no-page",
      comment: "The server serves the bundled pages as files.",
      severity: "error",
      from: { path: "^(src|migrations|bin)/" },
      to: { path: "^web/" },
    },
    {
      name: "migrations-stand-alone",
      comment: "A migration must do next year what it did today, whatever became of the code.",
      severity: "error",
      from: { path: "^migrations/" },
      to: { path: "^(src|web|test|bench|bin)/" },
    },
    {
      name: "only-installed-packages",
      comment: "What runs in production stands in dependencies; what is imported stands in package.json.",
      severity: "error",
      from: { path: "^(src|web|migrations|bin)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-unresolvable",
      comment: "An import that leads nowhere would also lead past these rules.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Also the imports that vanish in the build: a type is knowledge of another part as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json"],
    },
  },
};
