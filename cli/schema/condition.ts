/** Conditions of `when`. Which operators a condition may have, and on what values, depends on its key. */
import { z } from "zod";
import { KEYS, KEY_KINDS, anyKey, comparableKey, type KeyKind } from "./condition-key.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { operators, scalar, type Operator } from "./operators.ts";
import { addressBlock, listOf, nonEmptyText, port, serviceAccounts, trustDomains } from "./texts.ts";

const MAX_PORT = 65_535;

const TIME_OF_DAY = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
const DATE = "(?:19[7-9][0-9]|[2-9][0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";

/** An instant, or a time of day that makes a window of every day; both in UTC. */
const moment = z
  .string()
  .regex(
    new RegExp(`^(?:${TIME_OF_DAY}(?::[0-5][0-9])?|${DATE}T${TIME_OF_DAY}:[0-5][0-9]Z)$`),
    "expected a time like 2026-12-01T08:00:00Z or 08:00, in UTC",
  );

const weekday = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

const portNumber = z.int().min(0).max(MAX_PORT);

type Operators = Partial<Record<Operator, z.ZodType>>;

const presence: Operators = { exists: z.boolean() };
/** Of what every request has. */
const alwaysPresent: Operators = { exists: z.literal(true, "expected true: every request has a time") };
const comparison: Operators = {
  sameAs: z.string().regex(comparableKey, "expected a key that can be compared"),
};
const text: Operators = { ...presence, ...comparison, ...equalityOf(z.string()) };
const claim: Operators = { ...presence, ...comparison, ...equalityOf(scalar), ...orderOf(z.number()) };

/** Limits that some port meets. */
const limitsOfPorts: Operators = {
  lt: z.number().gt(0),
  lte: z.number().gte(0),
  gt: z.number().lt(MAX_PORT),
  gte: z.number().lte(MAX_PORT),
};

/** What the attributes of each kind can be asked, and with which values. */
const operatorsOf: Record<KeyKind, Operators> = {
  claim: { ...claim, ...valuesOf(listOf(nonEmptyText)) },
  text: { ...text, ...valuesOf(listOf(nonEmptyText)) },
  account: { ...text, ...valuesOf(serviceAccounts) },
  trustDomain: { ...text, ...valuesOf(trustDomains) },
  address: { ...presence, ...valuesOf(listOf(addressBlock)) },
  port: {
    ...presence,
    ...comparison,
    ...equalityOf(portNumber),
    ...limitsOfPorts,
    ...valuesOf(listOf(port)),
  },
  namedClaim: { ...claim, ...valuesOf(listOf(nonEmptyText)) },
  namedPrincipal: { ...text, ...valuesOf(listOf(nonEmptyText)) },
  request: text,
  time: { ...alwaysPresent, ...orderOf(moment) },
  weekday: { ...alwaysPresent, ...equalityOf(weekday) },
};

function valuesOf(values: z.ZodType): Operators {
  return { values, notValues: values };
}

function equalityOf(value: z.ZodType): Operators {
  return { eq: value, ne: value, allOf: listOf(value), anyOf: listOf(value), noneOf: listOf(value) };
}

function orderOf(value: z.ZodType): Operators {
  return { lt: value, lte: value, gt: value, gte: value };
}

const operatorNames = Object.keys(operators) as Operator[];

export const condition = z
  .strictObject({
    key: nonEmptyText.regex(anyKey, "expected an attribute that the format names").meta({
      description: "The attribute that the condition is about.",
      examples: [
        "request.headers[x-team]",
        "request.auth.claims[realm_access][roles]",
        "request.auth[corp].claims[acr]",
        "source.namespace",
        "request.path{tenant}",
        "request.time",
      ],
    }),
    ...z.object(operators).partial().shape,
  })
  .superRefine((value, context) => {
    const kind = KEY_KINDS.find((name) => KEYS[name].test(value.key));
    if (kind === undefined) return; // The key itself has been refused.
    const given = operatorNames.filter((name) => value[name] !== undefined);
    if (given.length === 0) context.addIssue({ code: "custom", message: "expected at least one operator" });
    for (const name of given) {
      const schema = operatorsOf[kind][name];
      const result = schema?.safeParse(value[name]);
      if (result === undefined) {
        const message = `expected another operator: \`${value.key}\` has no \`${name}\``;
        context.addIssue({ code: "custom", path: [name], message });
      }
      for (const issue of result?.error?.issues ?? []) {
        context.addIssue({ code: "custom", path: [name, ...issue.path], message: issue.message });
      }
    }
  })
  .meta({
    title: "Condition",
    description: "One attribute and what must hold of it; several operators must all hold.",
    minProperties: 2,
    allOf: KEY_KINDS.map((kind) => ({
      if: { type: "object", properties: { key: { type: "string", pattern: KEYS[kind].source } } },
      then: { type: "object", properties: jsonOperators(kind) },
    })),
  });

/** The operators that keys of this kind have. */
export function operatorsFor(kind: KeyKind): Operator[] {
  return operatorNames.filter((name) => operatorsOf[kind][name] !== undefined);
}

export type Condition = z.output<typeof condition>;

/** What JSON Schema says of every operator's value; `false`: not with this kind of key. */
function jsonOperators(kind: KeyKind): object {
  const entries = operatorNames.map((name) => {
    const schema = operatorsOf[kind][name];
    if (schema === undefined) return [name, false];
    const { $schema: _, ...json } = jsonSchemaOf(schema);
    return [name, json];
  });
  return Object.fromEntries(entries) as object;
}
