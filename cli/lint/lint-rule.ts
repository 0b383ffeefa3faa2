/** A trap that documents fall into although they load. */
import type { Document } from "../schema/document.ts";

/** `error` and `warning` fail a check. */
export type Level = "error" | "warning" | "note";

/** One place where the trap is. */
export interface Trap {
  pointer: string;
  /** Where it weighs other than usual. */
  level?: Level;
  message: string;
}

export interface LintRule {
  /** Stable: people write it into their configurations. */
  id: string;
  level: Level;
  /** What the trap is, in a few words. */
  title: string;
  /** What to do about it, in one sentence. */
  help: string;
  find(document: Document): Iterable<Trap>;
}
