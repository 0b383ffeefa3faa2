/** The proxy's log. Ask `logs` before building a message: most levels are off most of the time. */
import { proxy_get_log_level, proxy_log } from "./abi";
import { LogLevel, Status } from "./enums";
import { returnedNumber } from "./results";

const NOT_ASKED: i32 = -1;

let known: i32 = NOT_ASKED;

/** The lowest level that the host logs, asked once a callback; `OFF` where it does not say. */
export function logLevel(): LogLevel {
  if (known == NOT_ASKED) {
    store<u32>(returnedNumber, LogLevel.OFF);
    const status = proxy_get_log_level(returnedNumber);
    known = status == Status.OK ? load<i32>(returnedNumber) : LogLevel.OFF;
  }
  return known;
}

/** Whether a message of this level would be written. Not at module start, where hosts forbid to ask. */
export function logs(level: LogLevel): bool {
  return level >= logLevel();
}

/** Writes one message; nothing that it holds is escaped. */
export function log(level: LogLevel, message: usize, length: u32): void {
  proxy_log(level, message, length);
}

/** At the end of a callback: operators change the level of a running proxy. */
export function forgetLogLevel(): void {
  known = NOT_ASKED;
}
