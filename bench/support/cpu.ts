import { readdir, readFile } from "node:fs/promises";
import { runProgram } from "./children.ts";

let ticksPerSecond: number | undefined;

/**
 * CPU seconds (user and system, from /proc/<pid>/stat) used so far by a process and its living descendants, so that a
 * server behind a launcher is counted too. What the kernel does to send on loopback is in the sender's system time.
 */
export async function cpuSeconds(pid: number): Promise<number> {
  ticksPerSecond ??= Number(await runProgram("getconf", ["CLK_TCK"]));
  const processes = (await Promise.all((await readdir("/proc")).filter(isNumber).map(readProcess))).flat();
  const family = new Set([pid]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const one of processes) if (family.has(one.parent)) family.add(one.pid);
  }
  const ticks = processes.filter((one) => family.has(one.pid)).reduce((sum, one) => sum + one.ticks, 0);
  return ticks / ticksPerSecond;
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

async function readProcess(pid: string): Promise<Array<{ pid: number; parent: number; ticks: number }>> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (line === undefined) return [];
  // The second field is the program's name in brackets and may hold spaces: count the fields after it.
  const fields = line
    .slice(line.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return [{ pid: Number(pid), parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) }];
}
