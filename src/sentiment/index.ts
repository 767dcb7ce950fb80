export { sentimentRoutes } from "./routes.ts";
export { scoreText } from "./score-text.ts";
export { compareScores, type KnownScore, takeOverScores } from "./take-over-scores.ts";
