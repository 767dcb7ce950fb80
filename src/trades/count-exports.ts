import { rateLimited } from "../platform/errors.ts";

const RETRY_SECONDS = 10;

/** How many exports may be under way; 0: any number. */
export interface ExportLimits {
  /** On this instance. */
  maxExports: number;
  /** Of one address on this instance. */
  exportsPerAddress: number;
}

/** Counts an export of an address. @returns for when it is over. @throws AppError 429 */
export type CountExport = (address: string) => () => void;

export function countExports({ maxExports, exportsPerAddress }: ExportLimits): CountExport {
  const running = new Map<string, number>();
  let all = 0;
  return (address) => {
    const mine = running.get(address) ?? 0;
    if (exportsPerAddress > 0 && mine >= exportsPerAddress) {
      throw rateLimited(
        `This address has ${mine} exports under way, as many as MAX_EXPORTS_PER_ADDRESS allows; try again later.`,
        RETRY_SECONDS,
      );
    }
    if (maxExports > 0 && all >= maxExports) {
      throw rateLimited(
        `${all} exports are under way, as many as MAX_EXPORTS allows; try again later.`,
        RETRY_SECONDS,
      );
    }
    all++;
    running.set(address, mine + 1);
    return () => {
      all--;
      const left = (running.get(address) ?? 1) - 1;
      if (left > 0) running.set(address, left);
      else running.delete(address);
    };
  };
}
