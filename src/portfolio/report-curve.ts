import { lowerBound } from "./ledger-curve.ts";

/** A report in the equity curve; its time is `last_update` in Unix milliseconds, decimals are exact text. */
export interface ReportPoint {
  time: number;
  seq: number;
  balance: string;
  equity: string;
}

type Kept = Omit<ReportPoint, "time">;

/** A model's reports by time, ties by seq. */
export class ReportCurve {
  #times: number[] = [];
  #points: Kept[] = [];

  get length(): number {
    return this.#times.length;
  }

  at(index: number): ReportPoint {
    return { time: this.#times[index] as number, ...(this.#points[index] as Kept) };
  }

  countBefore(time: number): number {
    return lowerBound(this.#times, time);
  }

  /** Adds reports in any order. */
  add(points: readonly ReportPoint[]): void {
    for (const { time, seq, balance, equity } of points) {
      let index = this.#times.length;
      if (index > 0 && (this.#times[index - 1] as number) > time) index = lowerBound(this.#times, time);
      while (this.#times[index] === time && (this.#points[index] as Kept).seq < seq) index++;
      while (this.#times[index - 1] === time && (this.#points[index - 1] as Kept).seq > seq) index--;
      // One text for both where they are equal, as they are without positions.
      const point = { seq, balance, equity: equity === balance ? balance : equity };
      if (index === this.#times.length) {
        this.#times.push(time);
        this.#points.push(point);
      } else {
        this.#times.splice(index, 0, time);
        this.#points.splice(index, 0, point);
      }
    }
  }

  /** Lets go of every second report; the newest stays. */
  thin(): void {
    const last = this.#times.length - 1;
    const isKept = (_: unknown, index: number) => (last - index) % 2 === 0;
    this.#times = this.#times.filter(isKept);
    this.#points = this.#points.filter(isKept);
  }
}
