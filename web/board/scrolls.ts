/** For an element that scrolls by itself: without a place in the Tab order the keyboard could not reach its far end. */
export const SCROLLS = { tabIndex: 0 } as const;
