import { stopPostgres } from "./postgres.ts";

/** Ends what the whole run shared, so that no process outlives it. */
export const mochaHooks = {
  async afterAll() {
    await stopPostgres();
  },
};
