import type { LintRule } from "./lint-rule.ts";
import { isDeny, operationsOf } from "./walk.ts";

/** A name without wildcards and without a port; IPv6 addresses stand in brackets. */
const EXACT_NAME = /^(?:[^*:[\]]+|\[[^\]]*\])$/;

export const hostWithoutPort: LintRule = {
  id: "host-without-port",
  level: "note",
  title: "A host that is compared without the port that clients may send",
  help: "Name the host with `:*` beside it.",
  *find(document) {
    for (const { policy, value, pointer } of operationsOf(document)) {
      for (const name of ["hosts", "notHosts"] as const) {
        const hosts = value[name] ?? [];
        // Where a match refuses, the port is a way around it.
        const refuses = isDeny(policy) === (name === "hosts");
        for (const [index, host] of hosts.entries()) {
          if (!EXACT_NAME.test(host) || hosts.some((other) => takesPort(other, host))) continue;
          const message = `\`${host}\` is not \`${host}:8080\``;
          yield {
            pointer: `${pointer}/${name}/${index}`,
            message,
            ...(refuses ? { level: "warning" as const } : {}),
          };
        }
      }
    }
  },
};

/** Whether a value also takes some port of the host. */
function takesPort(other: string, host: string): boolean {
  const [value, name] = [other.toLowerCase(), host.toLowerCase()];
  return value === "*" || value.startsWith(`${name}:`) || value === `${name}*`;
}
