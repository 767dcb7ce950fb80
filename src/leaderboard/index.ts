export { type Leaderboard, startLeaderboard } from "./start-leaderboard.ts";
