/** The keys of conditions, as the reference lists them. */
import { KEY_FORMS, type KeyKind } from "./condition-key.ts";
import { operatorsFor } from "./condition.ts";

/** What the values of each kind of key are. */
const VALUES: Record<KeyKind, string> = {
  claim: "text, number, boolean, or a list of these",
  text: "text",
  account: "text",
  trustDomain: "text",
  address: "address; asked with addresses and CIDR blocks",
  port: "number",
  namedClaim: "text, number, boolean, or a list of these",
  namedPrincipal: "text",
  request: "text",
  time: "time: `2026-12-01T08:00:00Z`, `08:00` or `08:00:00`",
  weekday: "day",
};

/** A Markdown table. */
export function conditionTable(): string {
  const rows = KEY_FORMS.map(({ form, kind, meaning, example }) => {
    const operators = operatorsFor(kind).map((name) => `\`${name}\``);
    const shown = JSON.stringify(example);
    return `| \`${form}\` | ${meaning} | ${VALUES[kind]} | ${operators.join(" ")} | \`${shown}\` |`;
  });
  return [
    "| key | what it is | values | operators | example |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
