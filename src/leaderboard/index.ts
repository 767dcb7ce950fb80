export { ScoreboardCheckpointRow } from "./checkpoint-row.ts";
export { type Leaderboard, startLeaderboard } from "./start-leaderboard.ts";
