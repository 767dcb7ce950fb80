let loading: Promise<typeof import("./drawings.ts")> | undefined;

/** The chart library is as heavy as all the rest of a page: it is fetched once a chart is there to be drawn. */
export function loadDrawings(): Promise<typeof import("./drawings.ts")> {
  loading ??= import("./drawings.ts");
  // Whoever asks after a cut connection gets another try.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}
