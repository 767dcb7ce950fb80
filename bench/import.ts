import { once } from "node:events";
import { Redis } from "ioredis";
import pg from "pg";
import { startProgram, freePort, untilReady, runToEnd } from "./support/children.ts";
