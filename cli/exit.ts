export const ExitCode = {
  FINE: 0,
  /** Denied, failed or findings. */
  DENIED: 1,
  /** Wrong usage, or a document that does not load. */
  USAGE: 2,
  /** Something of the environment is missing. */
  ENVIRONMENT: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The user can put it right: the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly lines: readonly [string, ...string[]];

  constructor(...lines: [string, ...string[]]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}
