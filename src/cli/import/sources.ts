import { alphaArena } from "./alpha-arena.ts";
import { csv } from "./csv.ts";
import { prisma } from "./prisma/source.ts";
import { redis } from "./redis/source.ts";
import type { SourceCommand } from "./source.ts";

/** Every source that the command line offers. */
export const SOURCES: readonly SourceCommand[] = [redis, prisma, alphaArena, csv];
