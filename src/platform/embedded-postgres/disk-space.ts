import { statfs } from "node:fs/promises";

const SCARCE_BYTES = 32 * 1024 * 1024;

/**
 * A sentence for an error's message when the disk is full or nearly so, else nothing. PostgreSQL's own words
 * do not do here: its log lies on the same disk and may be cut off.
 */
export async function explainFullDisk(folder: string): Promise<string> {
  const disk = await statfs(folder).catch(() => undefined);
  if (!disk || disk.bavail * disk.bsize > SCARCE_BYTES) return "";
  return `The disk is full, or nearly so: ${Math.floor((disk.bavail * disk.bsize) / 1024)} kB are left for ${folder}. `;
}
