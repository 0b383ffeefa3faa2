import type { LogLevel } from "./status.ts";

export interface LogLine {
  level: LogLevel;
  message: string;
  /** Which VM wrote it: `base`, `canary`, `main`, `worker 0`, … */
  vm: string;
}
