/** The rows of a `tests.json`: requests and what is to become of them. */
import { z } from "zod";
import { requestSchema } from "../decision/request.ts";
import { UsageError } from "../exit.ts";
import { readText } from "../files/files.ts";
import { linkTo, locate, pointerOf, type Located } from "../files/position.ts";
import { wrongMembers } from "../files/wrong-member.ts";

const expectation = z.strictObject({
  decision: z.enum(["allow", "deny"]),
  reason: z.string().optional(),
  /** `namespace/name`, or the name of a policy without namespace. */
  policy: z.string().optional(),
  status: z.int().optional(),
});

const rowSchema = z.strictObject({ name: z.string().min(1), request: requestSchema, expect: expectation });

const rowsSchema = z.array(rowSchema);

export type Expectation = z.output<typeof expectation>;
export type Row = z.output<typeof rowSchema>;

export interface PlacedRow extends Row {
  /** `file:line:col` */
  link: string;
}

/** Reads a file of rows; throws with the place of whatever is wrong in it. */
export function readRows(file: string): PlacedRow[] {
  const text = readText(file);
  const located = locate(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${linkTo(file, located.syntaxError())}: the file is no JSON`);
  }
  const result = rowsSchema.safeParse(value);
  if (!result.success) throw new UsageError(...problems(file, located, result.error));
  return result.data.map((row, index) => ({ ...row, link: linkTo(file, located.value(pointerOf([index]))) }));
}

function problems(file: string, located: Located, error: z.ZodError): [string, ...string[]] {
  const [first = "", ...more] = wrongMembers(error).map(({ path, isUnknown, message }) => {
    const pointer = pointerOf(path);
    return `${linkTo(file, isUnknown ? located.name(pointer) : located.value(pointer))}: ${message}`;
  });
  return [first, ...more];
}
