/** The operators of a condition, by name. */
import { z } from "zod";
import { comparableKey } from "./condition-key.ts";
import { described, listOf, nonEmptyText } from "./texts.ts";

/** A value as the typed operators compare it. */
export const scalar = z.union([z.string(), z.number(), z.boolean()]);

const scalars = listOf(scalar);
const bound = z.union([z.number(), z.string()]);

export const operators = {
  values: described(
    listOf(nonEmptyText),
    "Istio's: any of them matches. `*` alone, in front or at the end.",
    ["orders:read"],
  ),
  notValues: described(
    listOf(nonEmptyText),
    "Istio's: none of them matches; true where the attribute is missing.",
    ["guest"],
  ),
  allOf: described(scalars, "The attribute, a list, has all of these.", ["orders:read", "orders:write"]),
  anyOf: described(scalars, "The attribute is, or its list has, one of these.", ["admin", "operator"]),
  noneOf: described(
    scalars,
    "The attribute is, and its list has, none of these; unknown where it is missing.",
    ["guest"],
  ),
  eq: described(scalar, "Equal, of the same type.", "gold", 3, true),
  ne: described(scalar, "Not equal; unknown where the attribute is missing or of another type.", "guest"),
  lt: described(bound, "Less than a number; on `request.time`, before.", 10, "18:00"),
  lte: described(bound, "At most; on `request.time`, not after.", 10),
  gt: described(bound, "More than a number; on `request.time`, after.", 0),
  gte: described(bound, "At least; on `request.time`, not before.", 3, "08:00", "2026-12-01T08:00:00Z"),
  exists: described(z.boolean(), "Whether the attribute is there; never unknown.", true),
  sameAs: described(
    nonEmptyText.regex(comparableKey, "expected a key that can be compared"),
    "Has the same value as another attribute.",
    "request.path{tenant}",
  ),
};

export type Operator = keyof typeof operators;
