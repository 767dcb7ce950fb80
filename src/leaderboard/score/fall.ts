/**
 * The way of a value from its highest point down, as far as a drawdown needs it. Values are whole numbers of one scale;
 * which one does not matter, since only their proportions count.
 */
export interface Fall {
  /** The highest value so far, and the lowest after it. */
  peak: bigint;
  trough: bigint;
  /** Peak and trough of the deepest fall in proportion; equal while nothing fell from a peak above 0. */
  worstPeak: bigint;
  worstTrough: bigint;
}

export const startFall = (value: bigint): Fall => ({
  peak: value,
  trough: value,
  worstPeak: 1n,
  worstTrough: 1n,
});

/** Goes on to the next value. Which of two falls is deeper is asked crosswise, so that no quotient is rounded. */
export function noteValue(fall: Fall, value: bigint): void {
  if (value > fall.peak) {
    fall.peak = value;
    fall.trough = value;
  } else if (value < fall.trough) {
    fall.trough = value;
    const { peak } = fall;
    if (peak > 0n && value * fall.worstPeak < fall.worstTrough * peak) {
      fall.worstPeak = peak;
      fall.worstTrough = value;
    }
  }
}

/** The one of two that fell deeper in proportion; one that was never above 0 had nothing to fall from. */
export function deeperFall(a: Fall, b: Fall | undefined): Fall {
  if (b === undefined || b.peak <= 0n) return a;
  if (a.peak <= 0n) return b;
  return b.worstTrough * a.worstPeak < a.worstTrough * b.worstPeak ? b : a;
}
