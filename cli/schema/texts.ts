/** The kinds of text that members of a document hold. Patterns must be valid with and without the `u` flag. */
import { z } from "zod";

/** `schema` with what editors show of it. */
export function described<T extends z.ZodType>(schema: T, description: string, ...examples: unknown[]): T {
  return schema.meta({ description, ...(examples.length === 0 ? {} : { examples }) });
}

/** Text that may be empty, as a member at its default is. */
export const text = z.string();

export const nonEmptyText = z.string().min(1, "expected text that is not empty");

/** RFC 9110 §5.6.2: the characters of a token, of which field names are made. */
export const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

export const fieldName = z.string().regex(new RegExp(`^${TOKEN}$`), "expected a name without separators");

/** Connection headers (RFC 9110 §7.6.1) and the framing of the message are the proxy's own. */
const RESERVED_HEADERS = [
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The name of a header that may be written, of characters that `name` matches. */
export function freeHeaderName(name: string, ...reserved: string[]): z.ZodString {
  const taken = [...RESERVED_HEADERS, ...reserved].map(inAnyCase).join("|");
  return z
    .string()
    .regex(new RegExp(`^(?!(?:${taken})$)${name}$`), "expected a header name that is free to write");
}

/** Patterns of JSON Schema have no flags, so each letter stands in both cases. */
function inAnyCase(name: string): string {
  return name.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** Whole numbers with a unit each, `1m30s`; empty means the default. */
export const duration = z.string().regex(/^(?:[0-9]+(?:ms|s|m|h))*$/);

/** A decimal port as Istio writes it, in a string. */
export const port = z
  .string()
  .regex(
    /^(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$/,
    "expected a port from 0 to 65535, as a string",
  );

const ADDRESS_4 = z.regexes.ipv4.source.slice(1, -1);

/** RFC 3986 §3.2.2, `IPv6address`: by how many groups stand before `::`. */
const GROUP = "[0-9A-Fa-f]{1,4}";
const LAST_TWO = `(?:${GROUP}:${GROUP}|${ADDRESS_4})`;
const ADDRESS_6 = [
  `(?:${GROUP}:){6}${LAST_TWO}`,
  ...[5, 4, 3, 2, 1, 0].map((after) => `${groups(5 - after)}::(?:${GROUP}:){${after}}${LAST_TWO}`),
  `${groups(6)}::${GROUP}`,
  `${groups(7)}::`,
].join("|");

/** At most so many groups. */
function groups(most: number): string {
  return most === 0 ? "" : `(?:(?:${GROUP}:){0,${most - 1}}${GROUP})?`;
}

const LENGTH_4 = "(?:[0-9]|[12][0-9]|3[0-2])";
const LENGTH_6 = "(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])";

/** An address or a CIDR block, bits behind the prefix length ignored. */
export const addressBlock = z
  .string()
  .regex(
    new RegExp(`^(?:(?:${ADDRESS_4})(?:/${LENGTH_4})?|(?:${ADDRESS_6})(?:/${LENGTH_6})?)$`),
    "expected an IP address or a CIDR block",
  );

/** At least one value: an empty list would match nothing, and is taken for a mistake. */
export function listOf<T extends z.ZodType>(value: T): z.ZodArray<T> {
  return z.array(value).min(1, "expected at least one element, or no such member");
}

/** Istio's limits on names of service accounts: `ACCOUNT` or `NAMESPACE/ACCOUNT`, no wildcards. */
export const serviceAccounts = listOf(
  z
    .string()
    .max(320)
    .regex(
      /^[^*/]+(?:\/[^*/]+)?$/,
      "expected a service account as NAME or NAMESPACE/NAME, without wildcards",
    ),
).max(16);

/** One `*`, in front or at the end. */
export const trustDomains = listOf(
  z
    .string()
    .regex(
      /^(?:\*?[^*/]+|[^*/]+\*|\*)$/,
      "expected a trust domain with at most one `*`, in front or at the end",
    ),
);
