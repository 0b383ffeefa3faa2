/**
 * Whether one value of a field matches all that another does. Only what is plain to see counts: false
 * means that it could not be told.
 */

/** Fields whose `*` alone takes every value that anything else in the field takes. */
const WITH_ANY = ["principals", "namespaces", "hosts", "methods", "paths"];

/** Fields with Istio's `x*` and `*x`. */
const WITH_AFFIXES = ["hosts", "methods", "paths"];

export function covers(field: string, wide: string, narrow: string): boolean {
  const [outer, inner] = field === "hosts" ? [wide.toLowerCase(), narrow.toLowerCase()] : [wide, narrow];
  if (outer === inner) return true;
  if (outer === "*") return WITH_ANY.includes(field);
  if (!WITH_AFFIXES.includes(field) || hasBraces(outer)) return false;
  if (outer.startsWith("*"))
    return !hasBraces(inner) && !inner.endsWith("*") && inner.endsWith(outer.slice(1));
  if (!outer.endsWith("*")) return false;
  // What stands in front of a template's first operator is its prefix.
  const start = hasBraces(inner) ? inner.slice(0, inner.indexOf("{")) : inner;
  return !inner.startsWith("*") && start.startsWith(outer.slice(0, -1));
}

function hasBraces(text: string): boolean {
  return text.includes("{");
}
