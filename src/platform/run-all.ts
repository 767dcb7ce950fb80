/** One part of a stop. */
export type Closer = () => Promise<void> | void;

/**
 * Runs every closer, one after the other, also those behind one that failed: a cache that cannot be closed must not keep
 * the tape from being flushed. @throws AggregateError with all that failed, once all have run.
 */
export async function runAll(closers: Iterable<Closer>): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return;
  const texts = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  throw new AggregateError(failures, texts.join("; "));
}
