import type { PostgresServer } from "./postgres.ts";

/** What one run of the bench does. */
export interface Plan {
  /** Seconds of each measurement, after one second of warm-up. */
  readonly seconds: number;
  /** How often each contestant is measured, in turn. */
  readonly rounds: number;
  /** Leave the product out and measure only what it is compared with. */
  readonly yardsticksOnly: boolean;
  /** A folder for the product's CPU profiles. */
  readonly profiles: string | undefined;
  readonly postgres: PostgresServer;
}
