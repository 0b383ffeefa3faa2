/**
 * Property tests draw the same cases in every run, so that a change alone makes a test fail. With
 * `LICTOR_SEED` they draw others: a number, or `random`.
 */
import fc from "fast-check";

const DEFAULT_SEED = 20_261_124;

/** The seed of this run. */
export const seed = seedOf(process.env["LICTOR_SEED"]);

fc.configureGlobal({ seed });

function seedOf(given: string | undefined): number {
  if (given === undefined || given === "") return DEFAULT_SEED;
  return given === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}
