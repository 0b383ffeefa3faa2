/** What is wrong with a JSON value of the user's, member by member. */
import type { z } from "zod";

export interface WrongMember {
  path: (string | number)[];
  /** The member itself should not be there, its name is what is wrong. */
  isUnknown: boolean;
  message: string;
}

export function wrongMembers({ issues }: z.ZodError): WrongMember[] {
  return issues.flatMap((issue) => wrongIn(issue, []));
}

function wrongIn(issue: z.core.$ZodIssue, above: readonly (string | number)[]): WrongMember[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      isUnknown: true,
      message: `there is no member \`${key}\` here`,
    }));
  }
  // Of several forms the one that has the value's type tells more.
  const form = issue.code === "invalid_union" ? issue.errors.find((each) => !isOtherType(each)) : undefined;
  return form?.flatMap((each) => wrongIn(each, path)) ?? [{ path, isUnknown: false, message: issue.message }];
}

function isOtherType(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(({ code, path }) => code === "invalid_type" && path.length === 0);
}
