/** What an import has to say: problems refuse it, notes do not. */
import { linkTo, type Region } from "../files/position.ts";

export interface Problem {
  file: string;
  region: Region;
  message: string;
}

export function problemLine(problem: Problem): string {
  return `${linkTo(problem.file, problem.region)}: ${problem.message}`;
}

/** Collects problems and notes in the order in which they are found. */
export interface Findings {
  readonly problems: Problem[];
  readonly notes: Problem[];
}
