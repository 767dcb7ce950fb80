// The parts of a table, for elements that are none. The board places its rows itself, and Chromium takes eight times as
// long to style a table's own elements once they are laid out as anything else.

export const ROW_GROUP = { role: "rowgroup" } as const;
export const COLUMN_HEADER = { role: "columnheader" } as const;
export const CELL = { role: "cell" } as const;

/** @param rows how many there are in all, the heading among them, also those that are not in sight. */
export function tableRole(label: string, rows: number) {
  return { role: "table", "aria-label": label, "aria-rowcount": rows } as const;
}

/** @param place from 1, the heading's. */
export function rowRole(place: number) {
  return { role: "row", "aria-rowindex": place } as const;
}
